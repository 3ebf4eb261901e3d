import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestCertificates } from "./certificates.ts";

const START_MS_MAX = 30_000;
const POLL_MS = 25;

/**
 * Ends the server when the standard input closes: whichever way the process that started it dies, neither
 * server nor data stay behind. The word `keep` ends it and keeps the data.
 */
const GUARD =
  '"$@" 2>"$MALL_DATA_FOLDER/log" & server=$!; echo $server >"$MALL_DATA_FOLDER/pid"; word=; read -r word; ' +
  'kill -9 $server; wait $server 2>/dev/null; [ "$word" = keep ] || rm -rf "$MALL_DATA_FOLDER"';

interface Ports {
  readonly client: number;
  readonly peer: number;
  /** Plain HTTP with `/health`, whatever clients must speak. */
  readonly metrics: number;
}

/** An etcd server with a data folder and ports of its own, alive no longer than this process. */
export class EtcdProcess {
  readonly #binary: string;
  readonly #folder: string;
  readonly #ports: Ports;
  readonly #tls: TestCertificates | undefined;
  #guard: ChildProcess | undefined;

  private constructor(binary: string, ports: Ports, tls: TestCertificates | undefined) {
    this.#binary = binary;
    this.#folder = mkdtempSync(join(tmpdir(), "mall-etcd-"));
    this.#ports = ports;
    this.#tls = tls;
  }

  /** Starts a server without data. */
  static async start(binary: string, tls?: TestCertificates): Promise<EtcdProcess> {
    const ports = { client: await freePort(), peer: await freePort(), metrics: await freePort() };
    const server = new EtcdProcess(binary, ports, tls);
    try {
      await server.restart();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** `host:port` that clients connect to. */
  get host(): string {
    return `127.0.0.1:${this.#ports.client}`;
  }

  /** Ends the server as a crash would. */
  async kill(): Promise<void> {
    await this.#end("keep\n");
  }

  /** Forgets everything the server kept; after `kill`. */
  loseData(): void {
    rmSync(join(this.#folder, "data"), { recursive: true, force: true });
  }

  /** Starts the server again on the same data and ports, and waits until it answers. */
  async restart(): Promise<void> {
    const guard = spawn("sh", ["-c", GUARD, "sh", this.#binary, ...this.#serverOptions()], {
      detached: true,
      // Debian's etcd runs on other processors than amd64 only where it is told to.
      env: { ...process.env, ETCD_UNSUPPORTED_ARCH: process.arch, MALL_DATA_FOLDER: this.#folder },
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#guard = guard;
    // The guard must not keep this process alive; its input closes when the process ends.
    guard.unref();
    if (guard.stdin !== null && "unref" in guard.stdin && typeof guard.stdin.unref === "function") {
      guard.stdin.unref();
    }
    await this.#waitUntilReady();
  }

  /** Stops it in the middle of whatever it does: connections stay, answers do not come. */
  freeze(): void {
    process.kill(this.#pid(), "SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    process.kill(this.#pid(), "SIGCONT");
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.#end("");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(word: string): Promise<void> {
    const guard = this.#guard;
    if (guard === undefined) return;
    this.#guard = undefined;
    guard.ref();
    const exited = once(guard, "exit");
    guard.stdin?.end(word);
    await exited;
  }

  #serverOptions(): string[] {
    const { client, peer, metrics } = this.#ports;
    const clientUrl = `${this.#tls === undefined ? "http" : "https"}://127.0.0.1:${client}`;
    const peerUrl = `http://127.0.0.1:${peer}`;
    return [
      "--name=test",
      `--data-dir=${join(this.#folder, "data")}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=test=${peerUrl}`,
      `--listen-metrics-urls=http://127.0.0.1:${metrics}`,
      "--logger=zap",
      "--log-level=error",
      ...(this.#tls === undefined ? [] : tlsOptions(this.#tls)),
    ];
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_MS_MAX;
    const url = `http://127.0.0.1:${this.#ports.metrics}/health`;
    while (!(await isHealthy(url))) {
      if (Date.now() > deadline) throw new Error(`etcd did not start:\n${this.#log()}`);
      await sleep(POLL_MS);
    }
  }

  #pid(): number {
    return Number(readFileSync(join(this.#folder, "pid"), "utf8"));
  }

  #log(): string {
    const path = join(this.#folder, "log");
    return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "no log was written";
  }
}

/** Where the server's binary is, or undefined. */
export function findEtcd(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin"];
  return folders.map((folder) => join(folder, "etcd")).find((path) => existsSync(path));
}

function tlsOptions({ caFile, certFile, keyFile }: TestCertificates): string[] {
  return [
    `--trusted-ca-file=${caFile}`,
    `--cert-file=${certFile}`,
    `--key-file=${keyFile}`,
    "--client-cert-auth",
  ];
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = (await (await fetch(url)).json()) as { health?: unknown };
    return answer.health === "true" || answer.health === true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
