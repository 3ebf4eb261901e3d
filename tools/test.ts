import { delimiter, join, relative } from "node:path";
import { preparePages } from "@mall/web/pages";
import { BACKENDS, type PreparedBackend, prepareBackend } from "./backends.ts";
import { launch } from "./launch.js";
import { findTestFiles } from "./test-run/find-test-files.ts";
import { heading, type StageResult, summary } from "./test-run/report.ts";
import { runCommand, signalCommands } from "./test-run/run-command.ts";
import { runTestFiles } from "./test-run/run-test-files.ts";

// npm test: everything that can be checked on a fresh machine. With arguments: the test files they select.

const NODE_MAJOR_MIN = 24;
const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");

interface Stage {
  readonly title: string;
  /** Resolves with the results to report; there is more than one where parts can be skipped alone. */
  run(): Promise<Omit<StageResult, "seconds">[]>;
}

class TestRun {
  readonly #env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    // The tests start a thousand processes, which are half as long at reading the same modules with it.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "compiled"),
  };
  readonly #results: StageResult[] = [];
  readonly #cleanups: (() => Promise<void>)[] = [];
  #interrupted: keyof typeof SIGNAL_EXIT_CODES | undefined;

  /** Runs all stages, whatever becomes of the ones before, and resolves with the exit code. */
  async run(patterns: readonly string[]): Promise<number> {
    this.#watchSignals();
    const startedAt = performance.now();
    const stages = this.#stages(patterns);
    for (const [index, stage] of stages.entries()) {
      if (this.#interrupted !== undefined) break;
      process.stdout.write(heading(stage.title, `${index + 1} of ${stages.length}`));
      await this.#runStage(stage);
    }
    for (const cleanup of this.#cleanups) await cleanup();
    process.stdout.write(summary(this.#results, secondsSince(startedAt)));
    if (this.#interrupted !== undefined) return SIGNAL_EXIT_CODES[this.#interrupted];
    return this.#results.some(({ outcome }) => outcome === "FAILED") ? 1 : 0;
  }

  #stages(patterns: readonly string[]): Stage[] {
    const tests = [
      { title: "Pages", run: () => this.#buildPages() },
      { title: "Backends", run: () => this.#prepareBackends() },
      { title: "Tests", run: () => this.#runTests(patterns) },
    ];
    if (patterns.length > 0) return tests;
    return [
      this.#scriptStage("Format and lint", "lint"),
      this.#scriptStage("Types", "types"),
      this.#scriptStage("Unused code", "unused"),
      ...tests,
    ];
  }

  async #runStage(stage: Stage): Promise<void> {
    const startedAt = performance.now();
    const results = await stage.run();
    const seconds = secondsSince(startedAt);
    this.#results.push(...results.map((result) => ({ ...result, seconds })));
  }

  #scriptStage(title: string, script: string): Stage {
    const run = async (): Promise<Omit<StageResult, "seconds">[]> => {
      const exitCode = await runCommand("npm", ["run", "--silent", script], this.#env);
      return [{ title, outcome: exitCode === 0 ? "ok" : "FAILED" }];
    };
    return { title, run };
  }

  /** Once for all tests: a mall that finds none would build them as it starts, and say so. */
  async #buildPages(): Promise<Omit<StageResult, "seconds">[]> {
    const title = "Pages";
    try {
      await preparePages(() => process.stdout.write("building them\n"));
      return [{ title, outcome: "ok" }];
    } catch (error) {
      return [{ title, outcome: "FAILED", note: error instanceof Error ? error.message : String(error) }];
    }
  }

  /** One server for the whole run: each test file makes databases of its own on it. */
  async #prepareBackends(): Promise<Omit<StageResult, "seconds">[]> {
    const results: Omit<StageResult, "seconds">[] = [];
    for (const backend of BACKENDS) {
      const title = `Backend ${backend.name}`;
      try {
        results.push({ title, ...this.#take(backend.env, await prepareBackend(backend)) });
      } catch (error) {
        results.push({
          title,
          outcome: "FAILED",
          note: error instanceof Error ? error.message : String(error),
        });
      }
    }
    process.stdout.write(
      results.map(({ title, outcome, note }) => `${title}: ${outcome}, ${note}\n`).join(""),
    );
    return results;
  }

  #take(variable: string, prepared: PreparedBackend): Pick<StageResult, "outcome" | "note"> {
    if ("skipped" in prepared) {
      // A machine that is there to test must not pass because something is missing.
      const failed = prepared.mandatory && process.env.CI === "true";
      return { outcome: failed ? "FAILED" : "skipped", note: prepared.skipped };
    }
    this.#env[variable] = prepared.value;
    if (prepared.stop !== undefined) this.#cleanups.push(prepared.stop);
    return { outcome: "ok", note: `from ${prepared.from}` };
  }

  async #runTests(patterns: readonly string[]): Promise<Omit<StageResult, "seconds">[]> {
    const title = "Tests";
    const files = findTestFiles(root, patterns);
    if (files.length === 0)
      return [{ title, outcome: "FAILED", note: `no test file matches ${patterns.join(" ")}` }];
    const { isOk, flaky } = await runTestFiles(files, this.#env);
    const note = `${files.length} files${flaky.length === 0 ? "" : `; FLAKY, passed alone only: ${flaky.map((file) => relative(root, file)).join(", ")}`}`;
    return [{ title, outcome: isOk ? "ok" : "FAILED", note }];
  }

  #watchSignals(): void {
    for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        this.#interrupted = signal;
        signalCommands(signal);
      });
    }
  }
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  await launch(import.meta.filename);
} else {
  process.chdir(root);
  process.exit(await new TestRun().run(process.argv.slice(2)));
}
