import type { Command } from "commander";
import type { LayerName } from "./generate-layer.ts";
import { ignoreGoFlags } from "./go-flags.ts";
import type { Output } from "./output.ts";

export interface LayerCommandOptions {
  readonly layer: LayerName;
  /** How the command is told its contract: goctl says `-api` for one and `-src` for the others. */
  readonly flag: string;
  readonly example: string;
  /** Flags of goctl's command that mean nothing here, beside those that all of its commands have. */
  readonly ignored?: readonly string[];
  readonly output: Output;
}

interface Flags {
  readonly src?: string;
  readonly api?: string;
  readonly dir?: string;
  readonly scaffold: boolean;
  readonly cache?: boolean;
  readonly prefix?: string;
  readonly ignoreColumns?: readonly string[];
  readonly dryRun?: boolean;
  readonly proto_path?: readonly string[];
  readonly zrpc_out?: string;
}

/** As protoc takes it: once for each folder, so that a contract may stand behind it. */
export const PROTO_PATH = [
  "-I, --proto_path <folder>",
  "a folder that a .proto may import from, before its own; several by saying it again",
  (folder: string, before: readonly string[] = []): readonly string[] => [...before, folder],
] as const;

/** A command that generates a layer from its contract, which may also stand behind the flags, as goctl's protoc has it. */
export function addLayerCommand(command: Command, options: LayerCommandOptions): Command {
  return ignoreGoFlags(command, ...(options.ignored ?? []))
    .argument("[file]", "the contract, where no flag names it")
    .option(options.flag, "the contract")
    .option("-d, --dir <folder>", "the layer's folder; its gen/ is rewritten")
    .option("--no-scaffold", "write gen/ only, no files to fill in by hand")
    .option("--dry-run", "say what would be written, and write nothing")
    .addHelpText("after", `\nLong flags also work with one dash:\n  ${options.example}`)
    .action(async (file: string | undefined, flags: Flags, asked: Command) => {
      const { layer, output } = options;
      const named = flags.src ?? flags.api;
      if (named !== undefined && file !== undefined)
        return asked.error(`error: too many arguments: the contract is ${named} and ${file}`);
      const contract = named ?? file;
      const dir = flags.dir ?? flags.zrpc_out;
      if (contract === undefined) return missing(asked, options.flag);
      if (dir === undefined) return missing(asked, "-d, --dir <folder>");
      const { scaffold, cache = false, dryRun = false, proto_path: include = [] } = flags;
      const { prefix: cachePrefix, ignoreColumns } = flags;
      const of = { layer, contract, dir, scaffold, cache, dryRun, include };
      const { runLayerCommand } = await import("./run-layer-command.ts");
      const written = await runLayerCommand({
        ...of,
        warn: (line) => output.err(`${line}\n`),
        ...(cachePrefix !== undefined && { cachePrefix }),
        ...(ignoreColumns !== undefined && { ignoreColumns }),
      });
      for (const path of written) output.out(path);
    });
}

function missing(command: Command, flag: string): never {
  return command.error(`error: required option '${flag}' not specified`);
}
