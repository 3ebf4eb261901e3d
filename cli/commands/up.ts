import { checkConfig, readConfig } from "@mall/kit/config";
import { isTried, type RunningProcess } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { preparePages } from "@mall/web/pages";
import type { Command } from "commander";
import { z } from "zod";
import { type AllInOneConfig, allInOneConfig } from "../all-in-one/config.ts";
import { startAllInOne } from "../all-in-one/start.ts";
import { runUntilSignal } from "../run-until-signal.ts";

interface UpFlags {
  readonly file?: string;
  readonly data?: string;
  readonly host?: string;
  readonly port?: number;
}

/** `mall up`: the whole mall in one process. */
export function addUpCommand(program: Command): void {
  program
    .command("up")
    .description("serve the whole mall in this process: four services, their ports, the gateway")
    .option(
      "-f, --file <file>",
      "configuration (YAML); every key has a default, see cli/all-in-one/config.ts",
    )
    .option("--data <folder>", "folder of the database and the secret (default ./data)")
    .option("--host <address>", "address to listen on (default 127.0.0.1)")
    .option("--port <port>", "port of the gateway (default 8888)", Number)
    .addHelpText(
      "after",
      "\nWith CacheRedis several malls on one database count attempts together; rows are kept there only with RowCache: read (docs/configuration.md).",
    )
    .action(up);
}

async function up(flags: UpFlags): Promise<void> {
  const read =
    flags.file === undefined
      ? { config: checkConfig("(defaults)", {}, allInOneConfig), notes: [] }
      : readConfig(flags.file, allInOneConfig);
  const config = withFlags(read.config, flags);
  if (config.Pages) await buildPages();
  const running = await startAllInOne(config, systemRuntime, { file: flags.file ?? "", notes: read.notes });
  runUntilSignal(running);
  process.stdout.write(banner(running, config));
}

/** A mall without pages serves everything else, so whatever is wrong with them does not keep it from starting. */
async function buildPages(): Promise<void> {
  try {
    await preparePages(() => process.stderr.write("Building the pages of this version, once …\n"));
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
    process.stderr.write(`The pages could not be built, so this mall serves none: ${reason}\n`);
  }
}

/** The keys that flags may take the place of. */
const { DataDir, Host, Port } = allInOneConfig.shape;
const flagConfig = z.object({ DataDir, Host, Port });

function withFlags(config: AllInOneConfig, flags: UpFlags): AllInOneConfig {
  const changed = {
    DataDir: flags.data ?? config.DataDir,
    Host: flags.host ?? config.Host,
    Port: flags.port ?? config.Port,
  };
  return { ...config, ...checkConfig("(flags)", changed, flagConfig) };
}

function banner(running: RunningProcess, config: AllInOneConfig): string {
  const width = Math.max(...running.addresses.map((address) => address.name.length));
  const lines = running.addresses.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}`);
  const gateway = running.addresses.find((address) => address.name === "gateway")?.url ?? "";
  return [
    `mall is ready (data in ${config.DataDir}, mode ${config.Mode})`,
    ...lines,
    `  ${"home".padEnd(width)}  ${gateway}/`,
    `  ${"docs".padEnd(width)}  ${gateway}/docs`,
    "",
    `First thing to try, in another terminal: register${isTried(config.Mode) ? ", the first user becomes the mall's admin" : ""}`,
    `  curl -s ${gateway}/api/user/register -H 'Content-Type: application/json' \\`,
    `    -d '{"name":"ving","gender":1,"mobile":"15212230311","password":"123456"}'`,
    "then watch a whole purchase: npx mall demo",
    "",
  ].join("\n");
}
