import type { Command } from "commander";
import type { GenerateFlags } from "./generate-all.ts";
import { ignoreGoFlags } from "./go-flags.ts";
import { PROTO_PATH } from "./layer-command.ts";
import { CACHE_PREFIX, IGNORED_COLUMNS } from "./model-commands.ts";
import type { Output } from "./output.ts";

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
    .option(...PROTO_PATH)
    .addHelpText("after", "\nThe contracts: <dir>/<name>/{model/<name>.sql,rpc/<name>.proto,api/<name>.api}")
    .action(async (flags: GenerateFlags) => {
      const { generateAll } = await import("./generate-all.ts");
      await generateAll(flags, output);
    });
}
