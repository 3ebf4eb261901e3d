import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TestCertificates } from "./certificates.ts";
import { findProgram } from "./find-program.ts";
import { freePorts } from "./free-ports.ts";
import { GuardedServer, type ServerCommand, startOrStop } from "./guarded-server.ts";

interface Ports {
  readonly client: number;
  readonly peer: number;
  /** Plain HTTP with `/health`, whatever clients must speak. */
  readonly metrics: number;
}

/** How the members of a cluster know each other. */
interface Membership {
  readonly name: string;
  /** `name=url` of each member. */
  readonly cluster: string;
}

/** An etcd server with a data folder and ports of its own that ends with this process. */
export class EtcdProcess extends GuardedServer {
  readonly #binary: string;
  readonly #ports: Ports;
  readonly #membership: Membership;
  readonly #tls: TestCertificates | undefined;

  private constructor(
    binary: string,
    own: { readonly ports: Ports; readonly membership: Membership },
    tls: TestCertificates | undefined,
  ) {
    super("etcd");
    this.#binary = binary;
    this.#ports = own.ports;
    this.#membership = own.membership;
    this.#tls = tls;
  }

  /** Starts a server without data. */
  static async start(binary: string, tls?: TestCertificates): Promise<EtcdProcess> {
    const [member] = await EtcdProcess.startCluster(binary, 1, tls);
    if (member === undefined) throw new Error("a cluster of one has no member");
    return member;
  }

  /** Starts the members of a cluster without data. */
  static async startCluster(binary: string, size: number, tls?: TestCertificates): Promise<EtcdProcess[]> {
    const numbers = await freePorts(3 * size);
    const all = Array.from({ length: size }, (_, index): Ports => {
      const [client = 0, peer = 0, metrics = 0] = numbers.slice(3 * index, 3 * index + 3);
      return { client, peer, metrics };
    });
    const cluster = all.map(({ peer }, index) => `test${index}=${peerUrl(peer)}`).join(",");
    const members = all.map((ports, index) => {
      const membership = { name: `test${index}`, cluster };
      return startOrStop(new EtcdProcess(binary, { ports, membership }, tls));
    });
    return Promise.all(members);
  }

  /** `host:port` that clients connect to. */
  get host(): string {
    return `127.0.0.1:${this.#ports.client}`;
  }

  /** Forgets everything the server kept; after `kill`. */
  loseData(): void {
    rmSync(this.#data, { recursive: true, force: true });
  }

  protected serverCommand(): ServerCommand {
    return {
      words: [this.#binary, ...this.#options()],
      // Debian's etcd runs on other processors than amd64 only with this setting.
      environment: { ETCD_UNSUPPORTED_ARCH: process.arch },
      isReady: () => isHealthy(`http://127.0.0.1:${this.#ports.metrics}/health`),
    };
  }

  get #data(): string {
    return join(this.folder, "data");
  }

  #options(): string[] {
    const { client, peer, metrics } = this.#ports;
    const clientUrl = `${this.#tls === undefined ? "http" : "https"}://127.0.0.1:${client}`;
    return [
      `--name=${this.#membership.name}`,
      `--data-dir=${this.#data}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl(peer)}`,
      `--initial-advertise-peer-urls=${peerUrl(peer)}`,
      `--initial-cluster=${this.#membership.cluster}`,
      `--listen-metrics-urls=http://127.0.0.1:${metrics}`,
      "--logger=zap",
      "--log-level=error",
      ...(this.#tls === undefined ? [] : tlsOptions(this.#tls)),
    ];
  }
}

/** Where the server's binary is, or undefined. */
export function findEtcd(): string | undefined {
  return findProgram("etcd");
}

function peerUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
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
  const answer = (await (await fetch(url)).json()) as { health?: unknown };
  return answer.health === "true" || answer.health === true;
}
