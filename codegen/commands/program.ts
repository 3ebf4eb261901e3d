import { Command } from "commander";
import { addApiCommands } from "./api-commands.ts";
import { addGenerateCommand } from "./generate-command.ts";
import { GO_RPC_FLAGS } from "./go-flags.ts";
import { addLayerCommand, PROTO_PATH } from "./layer-command.ts";
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
    // What a letter means to goctl's command it means to its namesake here.
    .enablePositionalOptions()
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

/** What goctl hands on to protoc, and the one way in which it writes several services. */
const PROTOC_FLAGS = [
  "--go_out <folder>",
  "--go-grpc_out <folder>",
  "--go_opt <option>",
  "--go-grpc_opt <option>",
  "--plugin <program>",
  "-m, --multiple",
];

/** goctl calls it protoc, after the compiler that it runs. */
function addRpcCommands(program: Command, output: Output): void {
  const rpc = program.command("rpc").description("the gRPC layer");
  for (const name of ["proto", "protoc"]) {
    const command = rpc.command(name, { hidden: name === "protoc" }).description("gen/ from a .proto file");
    addLayerCommand(command, {
      layer: "rpc",
      flag: "-s, --src <file>",
      example: `mallctl rpc ${name} -src ./rpc/pay.proto -dir ./rpc`,
      ignored: [...GO_RPC_FLAGS, ...PROTOC_FLAGS],
      output,
    })
      .option(...PROTO_PATH)
      // Where goctl writes its own part: the layer's folder.
      .addOption(command.createOption("--zrpc_out <folder>").hideHelp());
  }
  addPartCommand(rpc, "rpc", output);
}
