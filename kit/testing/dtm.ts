import { join } from "node:path";
import { DtmProcess } from "./dtm-process.ts";
import { buildGoPrograms } from "./go-programs.ts";
import type { Skipped } from "./mariadb.ts";

/** A DTM server that belongs to one test file alone. */
export interface TestDtm {
  /** `host:port` of its gRPC API. */
  readonly address: string;
  /** The status of a transaction: `prepared`, `submitted`, `aborting`, `succeed`, `failed`; undefined for none. */
  statusOf(gid: string): Promise<string | undefined>;
  /** The gids of transactions that have succeeded, a thousand at most. */
  succeeded(): Promise<string[]>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same data and ports. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

const SOURCES = {
  variable: "MALL_TEST_DTM",
  folder: join(import.meta.dirname, "dtm"),
  output: join(import.meta.dirname, "../../node_modules/.cache/mall-dtm"),
};

/** The folder with the server's program, built from its Go module; skipped where Go or the module cannot be had. */
export function buildDtm(): Promise<string | Skipped> {
  return buildGoPrograms(SOURCES);
}

/** Starts a server without transactions, from the folder that `buildDtm` gave. */
export function startDtm(folder: string): Promise<TestDtm> {
  // Programs are named after their module file, go.mod.
  return DtmProcess.start(join(folder, "go"));
}
