/** Whether one listener of a process takes requests. */
export interface HealthProbe {
  /** From go-zero: `rest-<host>:<port>`, `zrpc-<listenOn>`. */
  readonly name: string;
  ready: boolean;
}

/** The listeners of a process. */
export class Health {
  readonly #probes: HealthProbe[] = [];

  /** A probe that is not ready until its owner says so. */
  probe(name: string): HealthProbe {
    const probe: HealthProbe = { name, ready: false };
    this.#probes.push(probe);
    return probe;
  }

  /** True where every listener is ready. */
  get ready(): boolean {
    return this.#probes.every((probe) => probe.ready);
  }

  /** A line for each listener. */
  describe(): string {
    return this.#probes.map(({ name, ready }) => `${name} is ${ready ? "" : "not "}ready\n`).join("");
  }
}
