import { Session } from "node:inspector/promises";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** What ran of the house. */
export interface Ran {
  /** Paths from the root of files of which a function ran. */
  readonly files: ReadonlySet<string>;
  /** Their functions: path and offset of each. */
  readonly functions: ReadonlySet<string>;
}

/** What ran both times. */
export function inBoth(one: Ran, other: Ran): Ran {
  const both = (left: ReadonlySet<string>, right: ReadonlySet<string>) =>
    new Set([...left].filter((member) => right.has(member)));
  return {
    files: both(one.files, other.files),
    functions: both(one.functions, other.functions),
  };
}

/** Tells which functions of the files under `root` this process runs. */
export class FunctionsRun {
  readonly #session = new Session();
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async start(root: string): Promise<FunctionsRun> {
    const run = new FunctionsRun(root);
    run.#session.connect();
    await run.#session.post("Profiler.enable");
    await run.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    return run;
  }

  /** What ran since the last call, or since the start. */
  async take(): Promise<Ran> {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    const functions = new Set<string>();
    const files = new Set<string>();
    for (const script of result.filter(({ url }) => url.startsWith("file:"))) {
      const path = relative(this.#root, fileURLToPath(script.url)).split(sep).join("/");
      for (const { ranges } of script.functions) {
        const [whole] = ranges;
        if (whole === undefined || whole.count === 0) continue;
        files.add(path);
        functions.add(`${path}:${whole.startOffset}`);
      }
    }
    return { files, functions };
  }

  stop(): void {
    this.#session.disconnect();
  }
}
