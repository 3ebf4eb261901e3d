import { Command } from "commander";
import { addApiCommands } from "./api-commands.ts";
import { addGenerateCommand } from "./generate-command.ts";
import { addLayerCommand } from "./layer-command.ts";
import { addModelCommands } from "./model-commands.ts";
import { addNewCommand, addPartCommand, addQuickstartCommand } from "./new-commands.ts";
import type { Output } from "./output.ts";

const VERSION = "0.1.0";
const COMMANDS =
  "Commands: new, quickstart, generate, model mysql ddl, model mysql datasource, api ts, api new, api validate, api format, " +
  "api swagger, rpc proto, rpc new; mallctl --help says more";

/** The `mallctl` commands: goctl's, for TypeScript. */
export function createProgram(output: Output): Command {
  const program = new Command("mallctl")
    .description("Generates the TypeScript of a mall service from its contracts.")
    .version(VERSION, "-v, --version")
    .exitOverride()
    .showHelpAfterError(COMMANDS)
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text),
    });
  addNewCommand(program, output);
  addQuickstartCommand(program, output);
  addGenerateCommand(program, output);
  addModelCommands(program, output);
  addApiCommands(program, output);
  addRpcCommands(program, output);
  return program;
}

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
    addProtocFlags(command);
  }
  addPartCommand(rpc, "rpc", output);
}

/** What goctl hands on to protoc; the folder of its own output is the layer's. */
function addProtocFlags(command: Command): void {
  for (const flag of [
    "--zrpc_out <folder>",
    "--go_out <folder>",
    "--go-grpc_out <folder>",
    "--go_opt <option>",
  ])
    command.addOption(command.createOption(flag).hideHelp());
  command.addOption(command.createOption("--go-grpc_opt <option>").hideHelp());
  command.addOption(command.createOption("-m, --multiple", "several services are always taken").hideHelp());
}
