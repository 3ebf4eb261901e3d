import { findProgram } from "./find-program.ts";
import { RedisProcess } from "./redis-process.ts";

/** A Redis server that belongs to one test file alone: keys are the same in all of them, and it may be crashed. */
export interface TestRedis {
  /** `host:port` that clients connect to. */
  readonly host: string;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on what it has saved (`SAVE`), and on the same port. */
  restart(): Promise<void>;
  /** Forgets what it has saved. */
  loseData(): void;
  /** Sends a command of words without spaces; rejects with what Redis says if that is an error. */
  command(...words: readonly string[]): Promise<void>;
  /** Freezes it in mid-work: connections stay open, but nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** The program `redis-server`; a server costs a file of tests 30 ms, so each has its own. */
const VARIABLE = "MALL_TEST_REDIS";

/** Why tests on Redis cannot run here; undefined if they can. In CI a missing backend is a failure. */
export function whyNoRedis(): string | undefined {
  if (findRedis() !== undefined) return undefined;
  const reason = `no redis-server is installed and ${VARIABLE} is not set`;
  if (process.env.CI === "true") throw new Error(reason);
  return reason;
}

/**
 * Starts an empty server; `options` are further ones of its command line, e.g. `--requirepass secret`.
 *
 * @throws Error where none is installed; ask `whyNoRedis` first.
 */
export async function startRedis(options: readonly string[] = []): Promise<TestRedis> {
  const binary = findRedis();
  if (binary === undefined) throw new Error("no redis-server is installed");
  return RedisProcess.start(binary, options);
}

function findRedis(): string | undefined {
  return process.env[VARIABLE] ?? findProgram("redis-server");
}
