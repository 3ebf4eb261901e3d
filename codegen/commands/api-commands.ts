import type { Command } from "commander";
import { addFormatCommand } from "./format-command.ts";
import { ignoreGoFlags } from "./go-flags.ts";
import { addLayerCommand } from "./layer-command.ts";
import { addPartCommand } from "./new-commands.ts";
import type { Output } from "./output.ts";
import type { ApiDocument } from "./write-document.ts";

/** `mallctl api …` */
export function addApiCommands(program: Command, output: Output): void {
  const api = program.command("api").description("the HTTP layer");
  addLayerCommand(api.command("ts").description("gen/ from a .api file"), {
    layer: "api",
    flag: "-a, --api <file>",
    example: "mallctl api ts -api ./api/pay.api -dir ./api",
    ignored: ["--test", "--type-group"],
    output,
  });
  api
    .command("validate")
    .description("says whether a .api file and what it imports can be generated from; writes nothing")
    .requiredOption("-a, --api <file>", "the contract")
    .action(async (flags: { readonly api: string }) => {
      const { checkLayer } = await import("./run-layer-command.ts");
      await checkLayer("api", flags.api, (line) => output.err(`${line}\n`));
      output.out("api format ok");
    });
  addFormatCommand(api, output);
  addSwaggerCommand(api, output);
  addPartCommand(api, "api", output);
}

function addSwaggerCommand(api: Command, output: Output): void {
  ignoreGoFlags(api.command("swagger"))
    .description("the OpenAPI 3.1 document of a .api file, for gateways and generators of clients")
    .requiredOption("-a, --api <file>", "the contract")
    .option("-d, --dir <folder>", "where the document goes", ".")
    .option("--filename <name>", "its name without .json; the contract's by default")
    .action(async (document: ApiDocument) => {
      const { writeDocument } = await import("./write-document.ts");
      output.out(await writeDocument(document));
    });
}
