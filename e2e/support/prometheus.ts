import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram, freePort } from "@mall/kit/testing";
import { stringify } from "yaml";

const POLL_MS = 50;
const READY_MS_MAX = 30_000;

/** What Prometheus answers to an instant query: label sets with a value each. */
interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A real Prometheus of a test's own. */
export interface TestPrometheus {
  query(expression: string): Promise<Sample[]>;
  /** Health of each alert rule after its evaluation, by its name: `ok`, or what is wrong. */
  rules(): Promise<ReadonlyMap<string, string>>;
  stop(): Promise<void>;
}

/** Why there is no Prometheus to test with; undefined where there is. */
export function whyNoPrometheus(): string | undefined {
  const missing = ["prometheus", "promtool"].filter((program) => findProgram(program) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} not installed (Debian: prometheus)`;
}

/** Runs promtool and gives what it prints; throws with it where it finds something wrong. */
export function promtool(args: readonly string[], folder: string): string {
  const { status, stdout, stderr } = spawnSync(programPath("promtool"), args, {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`promtool ${args.join(" ")}:\n${stdout}${stderr}`);
  return stdout;
}

/** Starts a Prometheus that fetches from these targets each second and evaluates the rules as often. */
export async function startPrometheus(options: {
  readonly targets: readonly {
    readonly address: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly rules: string;
}): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "mall-prometheus-"));
  const port = await freePort();
  const file = join(folder, "prometheus.yml");
  writeFileSync(
    file,
    stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [options.rules],
      scrape_configs: [
        {
          job_name: "mall",
          static_configs: options.targets.map(({ address, labels }) => ({ targets: [address], labels })),
        },
      ],
    }),
  );
  const child = spawn(
    programPath("prometheus"),
    [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: ["ignore", "ignore", "ignore"] },
  );
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  return {
    query: async (expression) => {
      const answer = await get(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      return (answer as { result: Sample[] }).result;
    },
    rules: async () => {
      const { groups } = (await get(`${url}/api/v1/rules`)) as { groups: { rules: Rule[] }[] };
      return new Map(
        groups
          .flatMap(({ rules }) => rules)
          .map(({ name, health, lastError }) => [name, lastError ?? health]),
      );
    },
    stop: async () => {
      process.removeListener("exit", kill);
      const ended = once(child, "exit");
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

async function get(url: string): Promise<unknown> {
  const answer = await fetch(url);
  const { status, data, error } = (await answer.json()) as { status: string; data: unknown; error?: string };
  if (status !== "success") throw new Error(`${url}: ${error}`);
  return data;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_MS_MAX;
  while (Date.now() < until && child.exitCode === null) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(POLL_MS);
  }
  throw new Error("prometheus did not become ready");
}

function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}
