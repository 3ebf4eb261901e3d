import { rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "./free-ports.ts";
import { GuardedServer, type ServerCommand, startOrStop } from "./guarded-server.ts";

/** How far above a node's port that of the cluster's bus is. */
const BUS_ABOVE = 10_000;

/** A Redis server with a data folder and a port of its own that ends with this process. */
export class RedisProcess extends GuardedServer {
  readonly #binary: string;
  readonly #port: number;
  readonly #options: readonly string[];

  private constructor(binary: string, port: number, options: readonly string[]) {
    super("redis");
    this.#binary = binary;
    this.#port = port;
    this.#options = options;
  }

  /** Starts an empty server; `options` are further ones of its command line. */
  static async start(binary: string, options: readonly string[]): Promise<RedisProcess> {
    const isNode = options.includes("--cluster-enabled yes");
    const port = await freePort({ reserve: isNode ? BUS_ABOVE : 0 });
    return startOrStop(new RedisProcess(binary, port, options));
  }

  /** `host:port` that clients connect to. */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Forgets what the server has saved; the server itself does not notice. */
  loseData(): void {
    rmSync(join(this.folder, "dump.rdb"), { force: true });
  }

  protected serverCommand(): ServerCommand {
    const own = [
      `--port ${this.#port}`,
      "--bind 127.0.0.1",
      `--dir ${this.folder}`,
      "--appendonly no",
      '--save ""',
    ];
    return {
      words: [this.#binary, ...own, ...this.#options],
      isReady: () => answers(this.#port),
    };
  }

  /** Sends a command of words without spaces; rejects with what Redis says if that is an error. */
  async command(...words: readonly string[]): Promise<void> {
    const answer = await ask(this.#port, words.join(" "));
    if (answer.startsWith("-")) throw new Error(`${words.join(" ")}: ${answer.trim()}`);
  }
}

/** A connection is not enough: while it loads its data the server refuses commands. */
async function answers(port: number): Promise<boolean> {
  return /^(\+PONG|-NOAUTH)/.test(await ask(port, "PING"));
}

/** The first of what Redis answers to a line. */
function ask(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${line}\r\n`));
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
    socket.once("error", reject);
  });
}
