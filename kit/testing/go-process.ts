import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const START_MS_MAX = 30_000;
const POLL_MS = 20;

/** A Go program that listens. */
export interface GoServer {
  readonly pid: number | undefined;
  /** Kills it, unless another signal is given. */
  stop(signal?: "SIGKILL" | "SIGTERM"): Promise<void>;
}

/** Starts a program that listens on `port` of loopback, and waits until it does. */
export async function startGoServer(
  { binary }: { readonly binary: string },
  args: readonly string[],
  port: number,
): Promise<GoServer> {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text: Buffer) => {
      said = (said + text.toString()).slice(-4000);
    });
  }
  const deadline = Date.now() + START_MS_MAX;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${[binary, ...args].join(" ")} does not listen on ${port}: ${said}`);
    }
    await sleep(POLL_MS);
  }
  return {
    pid: child.pid,
    stop: async (signal = "SIGKILL") => {
      if (child.exitCode !== null) return;
      const closed = once(child, "close");
      child.kill(signal);
      await closed;
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
