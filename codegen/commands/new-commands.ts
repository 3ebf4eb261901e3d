import { basename } from "node:path";
import type { Command } from "commander";
import { GO_RPC_FLAGS, ignoreGoFlags } from "./go-flags.ts";
import type { NewService } from "./new-service.ts";
import { type Output, tellPaths } from "./output.ts";

const DESCRIPTION = "a whole service: contracts, generated code, processes, logic, configuration and a test";

interface Flags {
  readonly dir: string;
  readonly rpc?: boolean | string;
  readonly api?: boolean | string;
  readonly model?: string;
}

/** `mallctl new`. */
export function addNewCommand(program: Command, output: Output): void {
  const command = addName(program, DESCRIPTION)
    .option(
      "--rpc [file]",
      "an rpc, from a .proto of your own where it is named; with --api both, as without any",
    )
    .option("--api [file]", "an api, from a .api of your own where it is named")
    .option("--model <file>", "tables of your own for the rpc, a .sql")
    .addHelpText("after", "\nExample: mallctl new coupon --rpc ./coupon.proto --model ./coupon.sql --api");
  command.action((name: string, flags: Flags) => make({ name, ...flags }, output));
}

/** `mallctl api new` and `mallctl rpc new`, as goctl has them: the one part. */
export function addPartCommand(parent: Command, part: "api" | "rpc", output: Output): void {
  addName(parent, `as mallctl new --${part}`).action((name: string, { dir }: Flags) =>
    make({ name, dir, [part]: true }, output),
  );
}

function addName(parent: Command, description: string): Command {
  return ignoreGoFlags(parent.command("new"), ...GO_RPC_FLAGS)
    .description(description)
    .argument("<name>", "small letters and digits, e.g. review; before the flags")
    .option("-d, --dir <folder>", "the folder of all services", "services");
}

/** `mallctl quickstart`: a service to try things with. */
export function addQuickstartCommand(program: Command, output: Output): void {
  ignoreGoFlags(program.command("quickstart"))
    .description("the service greet, to try things with; see new")
    .option("-t, --service-type <type>", "mono and micro are one here: a service runs in both placements")
    .option("-d, --dir <folder>", "the folder of all services", "services")
    .action(({ dir }: { readonly dir: string }) => make({ name: "greet", dir }, output));
}

async function make(service: NewService, output: Output): Promise<void> {
  // Generators of all layers come with it, which the other commands have no need of.
  const { makeService } = await import("./new-service.ts");
  const paths = await makeService({ ...service, warn: (line) => output.err(`${line}\n`) });
  tellPaths(output, paths);
  const start = paths.find((path) => basename(path) === "serve.ts");
  output.out(
    `Next: ${start === undefined ? `npm install && npm run format && npm test -- e2e/${service.name}` : `node ${start}`}`,
  );
}
