import { createLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError } from "commander";
import { runUntilSignal } from "../run-until-signal.ts";
import { SPEED_MAX } from "../simulator/accounts.ts";
import { ensureMallFile } from "../simulator/mall-file.ts";

const PORT_MAX = 65_535;

interface SimulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly publicUrl: string;
  readonly speed: number;
  readonly mall: string;
}

/** `mall simulator`: the other side of the payment channels, for who has no account there. */
export function addSimulatorCommand(program: Command): void {
  program
    .command("simulator")
    .description(
      "serve a simulator of Alipay, WeChat Pay and Stripe that the vendors' own SDKs work with; no money moves",
    )
    .option("--host <address>", "address to listen on; who reaches it may pay and switch faults", "127.0.0.1")
    .option("--port <port>", "port to listen on; 0 takes a free one", wholeNumber(0, PORT_MAX), 8891)
    .option("--data <folder>", "folder of its records and of the merchants' credentials", "./data/simulator")
    .option("--public-url <url>", "address that buyers reach it at; where it listens by default", "")
    .option(
      "--speed <times>",
      "how much faster than the channels it repeats and settles",
      wholeNumber(1, SPEED_MAX),
      1,
    )
    .option(
      "--mall <url>",
      "gateway of the mall that mall.json in the folder is made for, where notifications go",
      "http://127.0.0.1:8888",
    )
    .action(simulator);
}

async function simulator({ host, port, data, publicUrl, speed, mall }: SimulatorOptions): Promise<void> {
  // Its certificates take a library that nobody else needs.
  const { startSimulator } = await import("@mall/channel-sim");
  const log = createLogger({ name: "simulator", level: "info", encoding: "plain" });
  const running = await startSimulator({
    host,
    port,
    portKey: "--port",
    dataDir: data,
    publicUrl,
    speed,
    runtime: systemRuntime,
    log,
  });
  const mallFile = await ensureMallFile(data, { ...running, mallUrl: mall.replace(/\/+$/, "") });
  runUntilSignal({ addresses: [{ name: "simulator", url: running.url }], stop: running.stop });
  process.stdout.write(
    `simulator is ready at ${running.url}\nmerchants' credentials are in ${running.merchantDir}\n` +
      `a mall that pays there: mall up -f ${mallFile}\n`,
  );
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`must be a whole number from ${from} to ${to}`);
  };
}
