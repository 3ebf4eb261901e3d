import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { MALL_FLAGS } from "../mall-command.ts";
import type { Batch, ReceiverOptions, Taken } from "./receiver.ts";

const RECEIVER = join(import.meta.dirname, "receiver.ts");

/** A command on the core that is measured, where the system lets one be chosen. */
export function pinned(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return process.platform === "linux" ? ["taskset", "-c", "0", ...command] : command;
}

/** A process that takes notifications, on a core of its own. */
export class ReceiverProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(options: ReceiverOptions): Promise<ReceiverProcess> {
    const node = [process.execPath, ...MALL_FLAGS, "--expose-gc"] as const;
    const [command, ...args] = pinned([...node, RECEIVER, JSON.stringify(options)]);
    const child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
    });
    const receiver = new ReceiverProcess(child);
    await receiver.#next();
    return receiver;
  }

  async take(batch: Batch): Promise<Taken> {
    const taken = this.#next();
    this.#child.send(batch);
    return (await taken) as Taken;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }

  #next(): Promise<unknown> {
    return new Promise((tell, fail) => {
      const onExit = (code: number | null): void => fail(new Error(`the receiver ended with ${code}`));
      this.#child.once("exit", onExit);
      this.#child.once("message", (message) => {
        this.#child.off("exit", onExit);
        tell(message);
      });
    });
  }
}
