import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareWithGoctl } from "./compare-goctl.ts";
import { findGoctl, PROTOC, startGoctl } from "./goctl-program.ts";

const { skip, folder } = await findGoctl();

/** goctl writes, formats and reads back each model, which takes it a third of a second. */
const RUNS = { api: 1000, sql: 30, proto: 300 } as const;

describe("contracts of a grammar, asked of goctl", { skip, timeout: 300_000 }, () => {
  for (const kind of ["api", "sql", "proto"] as const) {
    const withoutProtoc = kind === "proto" && PROTOC === undefined && "protoc is missing";
    it(`are the same to mallctl: .${kind}`, { skip: withoutProtoc }, async (t) => {
      const goctl = startGoctl(folder);
      t.after(() => goctl.stop());
      const seed = Date.now() % 2 ** 31;
      t.diagnostic(`seed ${seed}`);
      const taken = await compareWithGoctl(goctl, kind, { runs: RUNS[kind], seed });
      assert.ok(taken > RUNS[kind] / 10, `goctl took ${taken} of ${RUNS[kind]}`);
    });
  }
});
