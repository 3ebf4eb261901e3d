import { freePorts } from "./free-ports.ts";
import { GuardedServer, type ServerCommand, startOrStop } from "./guarded-server.ts";

interface Ports {
  readonly grpc: number;
  readonly http: number;
}

/** A DTM server with a data folder (driver boltdb) and ports of its own that ends with this process. */
export class DtmProcess extends GuardedServer {
  readonly #binary: string;
  readonly #ports: Ports;

  private constructor(binary: string, ports: Ports) {
    super("dtm");
    this.#binary = binary;
    this.#ports = ports;
  }

  /** Starts a server without transactions. */
  static async start(binary: string): Promise<DtmProcess> {
    const [grpc = 0, http = 0] = await freePorts(2);
    return startOrStop(new DtmProcess(binary, { grpc, http }));
  }

  /** `host:port` of its gRPC API. */
  get address(): string {
    return `127.0.0.1:${this.#ports.grpc}`;
  }

  /** The status of a transaction; undefined where there is none with this gid. */
  async statusOf(gid: string): Promise<string | undefined> {
    const response = await fetch(`${this.#base}/query?gid=${encodeURIComponent(gid)}`);
    const { transaction } = (await response.json()) as { transaction?: { status?: string } | null };
    return transaction?.status;
  }

  /** The gids of transactions that have succeeded, a thousand at most. */
  async succeeded(): Promise<string[]> {
    const response = await fetch(`${this.#base}/all?limit=1000`);
    const { transactions } = (await response.json()) as { transactions: { gid: string; status: string }[] };
    return transactions.filter(({ status }) => status === "succeed").map(({ gid }) => gid);
  }

  protected serverCommand(): ServerCommand {
    return {
      words: [this.#binary],
      environment: {
        STORE_DRIVER: "boltdb",
        GRPC_PORT: String(this.#ports.grpc),
        HTTP_PORT: String(this.#ports.http),
        // As often as it can look for what is due.
        TRANS_CRON_INTERVAL: "1",
      },
      isReady: () => answers(`${this.#base}/ping`),
    };
  }

  get #base(): string {
    return `http://127.0.0.1:${this.#ports.http}/api/dtmsvr`;
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.body?.cancel();
  return true;
}
