import { Command } from "commander";
import type { LayerName } from "./generate-layer.ts";
import { runLayerCommand } from "./run-layer-command.ts";

/** Where the commands say what they did. */
export interface Output {
  out(line: string): void;
  err(text: string): void;
}

/** The `mallctl` commands: goctl's, for TypeScript. */
export function createProgram(output: Output): Command {
  const program = new Command("mallctl")
    .description("Generates the TypeScript of a mall service from its contracts.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text),
    });
  const mysql = program
    .command("model")
    .description("the model layer, from SQL")
    .command("mysql")
    .description("from MySQL");
  addLayerCommand(
    mysql.command("ddl").description("gen/*-model.ts and gen/migrations.ts from CREATE TABLE"),
    {
      layer: "model",
      flag: "-s, --src <file>",
      example: "mallctl model mysql ddl -src ./model/pay.sql -dir ./model -c",
      output,
    },
  ).option("-c, --cache", "models that read through Redis as goctl's do, if they are given a cache");
  addLayerCommand(
    program.command("api").description("the HTTP layer").command("ts").description("gen/ from a .api file"),
    {
      layer: "api",
      flag: "-a, --api <file>",
      example: "mallctl api ts -api ./api/pay.api -dir ./api",
      output,
    },
  );
  addLayerCommand(
    program
      .command("rpc")
      .description("the gRPC layer")
      .command("proto")
      .description("gen/ from a .proto file"),
    {
      layer: "rpc",
      flag: "-s, --src <file>",
      example: "mallctl rpc proto -src ./rpc/pay.proto -dir ./rpc",
      output,
    },
  );
  return program;
}

interface LayerCommandOptions {
  readonly layer: LayerName;
  /** How the command is told its contract: goctl says `-api` for one and `-src` for the others. */
  readonly flag: string;
  readonly example: string;
  readonly output: Output;
}

interface Flags {
  readonly src?: string;
  readonly api?: string;
  readonly dir: string;
  readonly scaffold: boolean;
  readonly cache?: boolean;
}

function addLayerCommand(command: Command, options: LayerCommandOptions): Command {
  return command
    .requiredOption(options.flag, "the contract")
    .requiredOption("-d, --dir <folder>", "the layer's folder; its gen/ is rewritten")
    .option("--no-scaffold", "write gen/ only, no files to fill in by hand")
    .addHelpText("after", `\nLong flags also work with one dash:\n  ${options.example}`)
    .action(async (flags: Flags) => {
      const { layer, output } = options;
      const contract = flags.src ?? flags.api ?? "";
      const { dir, scaffold, cache = false } = flags;
      const written = await runLayerCommand({ layer, contract, dir, scaffold, cache });
      for (const path of written) output.out(path);
    });
}
