import { Companions, type RunningProcess } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError } from "commander";
import { findProcesses, type ServedProcess } from "../processes.ts";
import { runUntilSignal } from "../run-until-signal.ts";

type Processes = ReadonlyMap<string, ServedProcess>;

interface ServeFlags {
  readonly file?: readonly string[];
}

/** `mall serve`: one or more of the processes of the split placement. */
export async function addServeCommand(program: Command): Promise<void> {
  const processes = await findProcesses();
  program
    .command("serve")
    .description(
      "serve one or more processes of the split mall; those started together call each other directly",
    )
    .argument("<name...>", `process: ${[...processes.keys()].join(", ")}`)
    .option("-f, --file <file...>", "configuration (YAML), one for each name in the same order")
    .addHelpText(
      "after",
      [
        "",
        "gateway serves people in front of the others: all routes on one port, the cashier and the console.",
        "",
        "Example: mall serve pay.rpc -f services/pay/rpc/etc/pay.yaml",
      ].join("\n"),
    )
    .action((names: string[], flags: ServeFlags) => serve(processes, names, flags));
}

async function serve(processes: Processes, names: readonly string[], flags: ServeFlags): Promise<void> {
  const files = flags.file ?? names.map((name) => processes.get(name)?.file ?? "");
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
    for (const { start, file } of inOrder(processes, names, files)) {
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
function inOrder(processes: Processes, names: readonly string[], files: readonly string[]): ServedProcess[] {
  for (const name of names) {
    if (processes.has(name)) continue;
    throw new InvalidArgumentError(
      `there is no process ${name}; there are ${[...processes.keys()].join(", ")}`,
    );
  }
  return [...processes].flatMap(([name, { start }]) =>
    names.flatMap((asked, index) => (asked === name ? [{ start, file: files[index] ?? "" }] : [])),
  );
}
