import type { Faults } from "../faults/index.ts";
import type { Kernel, Owner } from "../kernel/index.ts";
import type { RedisLink } from "./redis-link.ts";
import type { RedisServer, ServerConnection } from "./redis-server.ts";
import { type Argument, RedisRefusal, type Reply } from "./reply.ts";
import { twinOf } from "./script-twins.ts";

/** Of connections that break, those on which what was sent before still arrives. */
const ARRIVES_SHARE = 0.5;

export interface RedisConnectionOptions {
  readonly kernel: Kernel;
  readonly faults: Faults;
  readonly link: RedisLink;
  readonly server: RedisServer;
  /** The life of the process that it belongs to. */
  readonly owner: Owner;
  /** Called once, when it is closed for whatever reason, after its commands were refused. */
  readonly onClose: () => void;
}

interface Sent {
  readonly command: readonly Argument[];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection of a process to a Redis server. What is sent first arrives first, and is answered first; how long
 * each takes is the way's business. What is under way when it breaks may still arrive.
 */
export class RedisConnection implements ServerConnection {
  readonly #options: RedisConnectionOptions;
  /** Sent and not answered, in order. */
  readonly #open: Sent[] = [];
  /** On the way to the server, in order. */
  readonly #underWay: Sent[] = [];
  readonly #answers: (() => void)[] = [];
  readonly #run: number;
  #arrivesAt = 0;
  #answeredAt = 0;
  #isClosed = false;
  /** What is under way still arrives. */
  #arrives = true;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#run = options.server.run;
    options.server.connect(this);
  }

  send(command: readonly Argument[]): Promise<Reply> {
    const { kernel, faults, link, owner } = this.#options;
    if (this.#isClosed) return Promise.reject(new Error("Connection is closed."));
    return new Promise((resolve, reject) => {
      const sent = { command, resolve, reject };
      this.#open.push(sent);
      this.#underWay.push(sent);
      this.#arrivesAt = Math.max(this.#arrivesAt, kernel.now + link.way("there"));
      // Nobody's event: what was sent goes on without its sender.
      kernel.schedule(this.#arrivesAt - kernel.now, () => this.#arrive());
      const broken = faults.strikes("redisConnectionLost", link.name);
      if (broken !== undefined) {
        kernel.schedule(
          broken.random.float() * 2 * (this.#arrivesAt - kernel.now),
          () => this.#lose(broken.random.chance(ARRIVES_SHARE)),
          owner,
        );
      }
    });
  }

  /** The server is gone, and what was under way to it. */
  breakOff(): void {
    this.#arrives = false;
    const { kernel, link, owner } = this.#options;
    kernel.schedule(link.way("back"), () => this.close(), owner);
  }

  /** Closes it from this side. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.server.disconnect(this);
    this.#answers.length = 0;
    for (const { reject } of this.#open.splice(0)) reject(new Error("Connection is closed."));
    this.#options.onClose();
  }

  #lose(arrives: boolean): void {
    this.#arrives &&= arrives;
    this.close();
  }

  #arrive(): void {
    const sent = this.#underWay.shift();
    const { kernel, faults, link, server } = this.#options;
    if (sent === undefined || !this.#arrives || server.run !== this.#run) return;
    const answer = this.#execute(sent);
    kernel.detail(server.name, () => `${link.name} ${textOf(sent.command)}`);
    if (answer === undefined) return;
    if (this.#isClosed) return;
    if (faults.strikes("redisAnswerLost", link.name) !== undefined) {
      server.disconnect(this);
      this.breakOff();
      return;
    }
    this.#answer(answer);
  }

  #execute({ command, resolve, reject }: Sent): (() => void) | undefined {
    try {
      const reply = this.#options.server.execute(command);
      return reply === undefined ? undefined : () => resolve(reply);
    } catch (error) {
      if (!(error instanceof RedisRefusal)) throw error;
      return () => reject(error);
    }
  }

  #answer(answer: () => void): void {
    const { kernel, link, owner } = this.#options;
    this.#answers.push(answer);
    this.#answeredAt = Math.max(this.#answeredAt, kernel.now + link.way("back"));
    const come = (): void => {
      const next = this.#answers.shift();
      if (next === undefined) return;
      this.#open.shift();
      next();
    };
    kernel.schedule(this.#answeredAt - kernel.now, come, owner);
  }
}

function textOf([name, ...args]: readonly Argument[]): string {
  if (name !== "EVAL") return `${name} ${args.join(" ")}`;
  const [script, , ...rest] = args;
  return `${twinOf(String(script)).name} ${rest.join(" ")}`;
}
