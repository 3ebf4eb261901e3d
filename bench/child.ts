import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** A process whose CPU time is read. */
export interface CpuMeter {
  /** CPU used so far, user and system, milliseconds. */
  cpuMs(): number;
}

/** A server under measurement in a process of its own. */
export interface Child extends CpuMeter {
  readonly url: string;
  /** From spawn to ready, milliseconds. */
  readonly startMs: number;
  /** Resident memory now, MiB. */
  residentMiB(): number;
  /** The most that it was so far, MiB. */
  peakMiB(): number;
  stop(): Promise<void>;
}

/** Clock ticks a second in /proc/PID/stat; Linux has used 100 on every platform for decades. */
const TICKS_PER_SECOND = 100;

/** Signals that end this process, which would leave its children behind. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const running = new Set<ChildProcess>();

/** Starts `args` under this Node and waits until it prints a line that `ready` finds a URL in. */
export async function startChild(args: readonly string[], ready: RegExp): Promise<Child> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  endWithThis(child);
  const url = await readyUrl(child, ready);
  const startMs = performance.now() - startedAt;
  return {
    url,
    startMs,
    residentMiB: () => memoryMiB(child, "VmRSS"),
    peakMiB: () => memoryMiB(child, "VmHWM"),
    cpuMs: () => cpuMsOf(child.pid),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Has a child end where a signal ends this process. */
function endWithThis(child: ChildProcess): void {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, endAll);
  running.add(child);
  child.once("exit", () => {
    running.delete(child);
    if (running.size === 0) for (const signal of SIGNALS) process.off(signal, endAll);
  });
}

function endAll(signal: NodeJS.Signals): void {
  for (const child of running) child.kill("SIGTERM");
  // Without the listener it does to this process what it does to any.
  for (const each of SIGNALS) process.off(each, endAll);
  process.kill(process.pid, signal);
}

function readyUrl(child: ChildProcess, ready: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const url = ready.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

function memoryMiB({ pid }: ChildProcess, figure: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, kib] = new RegExp(`^${figure}:\\s+(\\d+) kB$`, "m").exec(status) ?? [];
  return Number(kib ?? 0) / 1024;
}

/** CPU that a process has used so far, user and system, milliseconds. */
export function cpuMsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}
