import { basename } from "node:path";
import type { Command } from "commander";
import { ignoreGoFlags } from "./layer-command.ts";
import { makeService } from "./new-service.ts";
import { type Output, tellPaths } from "./output.ts";

const DESCRIPTION = "a whole service: contracts, generated code, processes, logic, configuration and a test";

/** `mallctl new`, and goctl's names for it: a service here has both an api and an rpc. */
export function addNewCommand(parent: Command, output: Output, description = DESCRIPTION): void {
  ignoreGoFlags(parent.command("new"))
    .description(description)
    .argument("<name>", "small letters and digits, e.g. review")
    .option("-d, --dir <folder>", "the folder of all services", "services")
    .action((name: string, { dir }: { readonly dir: string }) => make({ name, dir }, output));
}

/** `mallctl quickstart`: a service to try things with. */
export function addQuickstartCommand(program: Command, output: Output): void {
  ignoreGoFlags(program.command("quickstart"))
    .description("the service greet, to try things with; see new")
    .option("-t, --service-type <type>", "mono and micro are one here: a service runs in both placements")
    .option("-d, --dir <folder>", "the folder of all services", "services")
    .action(({ dir }: { readonly dir: string }) => make({ name: "greet", dir }, output));
}

async function make(service: { readonly name: string; readonly dir: string }, output: Output): Promise<void> {
  const paths = await makeService(service);
  tellPaths(output, paths);
  const start = paths.find((path) => basename(path) === "serve.ts");
  output.out(
    `Next: ${start === undefined ? `npm install && npm test -- e2e/${service.name}` : `node ${start}`}`,
  );
}
