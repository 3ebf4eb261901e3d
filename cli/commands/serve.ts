import { Companions, type RunningProcess } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError } from "commander";
import { PROCESSES, type Serve } from "../processes.ts";
import { runUntilSignal } from "../run-until-signal.ts";

/** `mall serve`: one or more of the eight processes of the split placement. */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description(
      "serve one or more processes of the split mall; those started together call each other directly",
    )
    .argument("<name...>", `process: ${[...PROCESSES.keys()].join(", ")}`)
    .option("-f, --file <file...>", "configuration (YAML), one for each name in the same order")
    .addHelpText("after", "\nExample: mall serve pay.rpc -f services/pay/rpc/etc/pay.yaml")
    .action(serve);
}

async function serve(names: string[], flags: { file?: string[] }): Promise<void> {
  const files = flags.file ?? names.map(defaultFile);
  if (files.length !== names.length) {
    throw new InvalidArgumentError(
      `give one -f for each process: ${names.length} names, ${files.length} files`,
    );
  }
  const running: RunningProcess[] = [];
  const stop = async (): Promise<void> => {
    // The last one started depends on the earlier ones, so it goes first.
    for (const process of running.toReversed()) await process.stop();
  };
  try {
    const companions = new Companions();
    for (const { start, file } of inOrder(names, files)) {
      running.push(await start(file, systemRuntime, companions));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = running.flatMap((process) => process.addresses);
  runUntilSignal({ addresses, stop });
  for (const { name, url } of addresses) process.stdout.write(`${name} is ready at ${url}\n`);
}

/** The processes that were asked for, so that each comes after those that it may call. */
function inOrder(names: readonly string[], files: readonly string[]): Asked[] {
  for (const name of names) {
    if (PROCESSES.has(name)) continue;
    throw new InvalidArgumentError(
      `there is no process ${name}; there are ${[...PROCESSES.keys()].join(", ")}`,
    );
  }
  return [...PROCESSES].flatMap(([name, start]) =>
    names.flatMap((asked, index) => (asked === name ? [{ start, file: files[index] ?? "" }] : [])),
  );
}

interface Asked {
  readonly start: Serve;
  readonly file: string;
}

function defaultFile(name: string): string {
  const [service, layer] = name.split(".");
  return `services/${service}/${layer}/etc/${service}.yaml`;
}
