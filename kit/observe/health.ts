import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { Dependency, type LookForTrouble } from "./dependency.ts";

/** Whether one listener of a process takes requests. */
export interface HealthProbe {
  /** From go-zero: `rest-<host>:<port>`, `zrpc-<listenOn>`. */
  readonly name: string;
  ready: boolean;
}

/** Whether a process is fit to serve, and a line for each of its parts. */
export interface HealthReport {
  readonly fit: boolean;
  readonly text: string;
}

/** The listeners of a process, and what it cannot serve without. */
export class Health {
  readonly #runtime: Runtime;
  readonly #log: Logger;
  readonly #probes: HealthProbe[] = [];
  readonly #dependencies: Dependency[] = [];

  constructor(runtime: Runtime, log: Logger) {
    this.#runtime = runtime;
    this.#log = log;
  }

  /** A probe that is not ready until its owner says so. */
  probe(name: string): HealthProbe {
    const probe: HealthProbe = { name, ready: false };
    this.#probes.push(probe);
    return probe;
  }

  /**
   * Nobody is to send requests while `look` finds trouble with `name`: a process that cannot write takes what it
   * cannot keep. It is looked at when somebody asks, once a second at most.
   */
  depend(name: string, look: LookForTrouble): void {
    this.#dependencies.push(new Dependency(name, look, { runtime: this.#runtime, log: this.#log }));
  }

  /** Whether the process can do its work, whatever its listeners do; known within a second. Never rejects. */
  async works(): Promise<boolean> {
    const troubles = await Promise.all(this.#dependencies.map((each) => each.trouble()));
    return troubles.every((trouble) => trouble === undefined);
  }

  /** Whether the process takes requests and can do its work; known within a second. Never rejects. */
  async report(): Promise<HealthReport> {
    const parts = [
      ...this.#probes.map(({ name, ready }) => ({ name, state: ready ? "ready" : "not ready" })),
      ...(await Promise.all(this.#dependencies.map(stateOf))),
    ];
    return {
      fit: parts.every(({ state }) => state === "ready"),
      text: parts.map(({ name, state }) => `${name} is ${state}\n`).join(""),
    };
  }
}

async function stateOf(dependency: Dependency): Promise<{ name: string; state: string }> {
  const trouble = await dependency.trouble();
  return { name: dependency.name, state: trouble === undefined ? "ready" : `not ready: ${trouble}` };
}
