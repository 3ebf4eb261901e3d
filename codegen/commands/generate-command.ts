import type { Command } from "commander";
import { CommandError } from "./command-error.ts";
import { ignoreGoFlags } from "./layer-command.ts";
import { CACHE_PREFIX, IGNORED_COLUMNS } from "./model-commands.ts";
import { type Output, tellPaths } from "./output.ts";
import { runLayerCommand } from "./run-layer-command.ts";
import { serviceLayers } from "./service-layers.ts";

interface Flags {
  readonly dir: string;
  readonly scaffold: boolean;
  readonly dryRun?: boolean;
  readonly cache: boolean;
  readonly prefix: string;
  readonly ignoreColumns?: readonly string[];
  readonly proto_path?: readonly string[];
}

/** `mallctl generate`: every layer of every service in one process, so that Node starts once. */
export function addGenerateCommand(program: Command, output: Output): void {
  ignoreGoFlags(program.command("generate"))
    .description("all layers of all services, as model mysql ddl -c, rpc proto and api ts make each")
    .option("-d, --dir <folder>", "the folder of all services", "services")
    .option("--no-scaffold", "write gen/ only, no files to fill in by hand")
    .option("--dry-run", "say what would be written, and write nothing")
    .option("--no-cache", "models that read no Redis")
    .option(...CACHE_PREFIX)
    .option(...IGNORED_COLUMNS)
    .option("-I, --proto_path <folder...>", "folders that a .proto may import from")
    .addHelpText("after", "\nThe contracts: <dir>/<name>/{model/<name>.sql,rpc/<name>.proto,api/<name>.api}")
    .action((flags: Flags) => generateAll(flags, output));
}

/** What is wrong with one contract does not keep the others from being generated. */
async function generateAll({ dir, ...flags }: Flags, output: Output): Promise<void> {
  const layers = await serviceLayers(dir);
  if (layers.length === 0)
    throw new CommandError(`${dir}: no contracts: they are looked for as pay/rpc/pay.proto is`, undefined);
  const { scaffold, dryRun = false, cache, prefix: cachePrefix, ignoreColumns, proto_path = [] } = flags;
  const wrong: string[] = [];
  for (const layer of layers) {
    try {
      const paths = await runLayerCommand({
        ...layer,
        ...{ scaffold, dryRun, cache, cachePrefix, include: proto_path },
        ...(ignoreColumns !== undefined && { ignoreColumns }),
        warn: (line) => output.err(`${line}\n`),
      });
      tellPaths(output, paths);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      wrong.push(error.message);
    }
  }
  if (wrong.length > 0) throw new CommandError(wrong.join("\n"), undefined);
}
