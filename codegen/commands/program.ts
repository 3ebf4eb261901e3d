import { Command } from "commander";
import type { LayerName } from "./generate-layer.ts";
import { makeService } from "./new-service.ts";
import { checkLayer, runLayerCommand } from "./run-layer-command.ts";

/** Where the commands say what they did. */
export interface Output {
  out(line: string): void;
  err(text: string): void;
}

/** The `mallctl` commands: goctl's, for TypeScript. */
export function createProgram(output: Output): Command {
  const program = new Command("mallctl")
    .description("Generates the TypeScript of a mall service from its contracts.")
    .version(VERSION, "-v, --version")
    .exitOverride()
    .showHelpAfterError(
      "Commands: new, model mysql ddl, api ts, api validate, rpc proto; mallctl --help says more",
    )
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text),
    });
  addNewCommand(program, output);
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
  addApiCommands(program, output);
  addRpcCommands(program, output);
  return program;
}

const VERSION = "0.1.0";

/** goctl calls it protoc, after the compiler that it runs. */
function addRpcCommands(program: Command, output: Output): void {
  const rpc = program.command("rpc").description("the gRPC layer");
  for (const name of ["proto", "protoc"]) {
    const command = rpc.command(name, { hidden: name === "protoc" }).description("gen/ from a .proto file");
    addLayerCommand(command, {
      layer: "rpc",
      flag: "-s, --src <file>",
      example: `mallctl rpc ${name} -src ./rpc/pay.proto -dir ./rpc`,
      output,
    }).option(
      "-I, --proto_path <folder...>",
      "folders that imports are looked for in, before the contract's own",
    );
  }
}

function addNewCommand(program: Command, output: Output): void {
  program
    .command("new")
    .description("a whole service: contracts, generated code, processes, logic, configuration and a test")
    .argument("<name>", "small letters and digits, e.g. review")
    .option("-d, --dir <folder>", "the folder of all services", "services")
    .action(async (name: string, { dir }: { readonly dir: string }) => {
      for (const path of await makeService({ name, dir })) output.out(path);
      output.out(`Next: npm install && npm test -- e2e/${name}`);
    });
}

function addApiCommands(program: Command, output: Output): void {
  const api = program.command("api").description("the HTTP layer");
  addLayerCommand(api.command("ts").description("gen/ from a .api file"), {
    layer: "api",
    flag: "-a, --api <file>",
    example: "mallctl api ts -api ./api/pay.api -dir ./api",
    output,
  });
  api
    .command("validate")
    .description("says whether a .api file and what it imports can be generated from; writes nothing")
    .requiredOption("-a, --api <file>", "the contract")
    .action(async (flags: { readonly api: string }) => {
      await checkLayer("api", flags.api);
      output.out("api format ok");
    });
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
  readonly dryRun?: boolean;
  readonly proto_path?: readonly string[];
}

function addLayerCommand(command: Command, options: LayerCommandOptions): Command {
  return command
    .requiredOption(options.flag, "the contract")
    .requiredOption("-d, --dir <folder>", "the layer's folder; its gen/ is rewritten")
    .option("--no-scaffold", "write gen/ only, no files to fill in by hand")
    .option("--dry-run", "say what would be written, and write nothing")
    .addHelpText("after", `\nLong flags also work with one dash:\n  ${options.example}`)
    .action(async (flags: Flags) => {
      const { layer, output } = options;
      const contract = flags.src ?? flags.api ?? "";
      const { dir, scaffold, cache = false, dryRun = false, proto_path: include = [] } = flags;
      const written = await runLayerCommand({ layer, contract, dir, scaffold, cache, dryRun, include });
      for (const path of written) output.out(path);
    });
}
