import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/context";
import { openDatabase } from "@mall/kit/store";
import { type Finding, verifyMall } from "../../cli/verify/index.ts";
import { createSimFiles, START_MS } from "../nodes/index.ts";
import { runSeed } from "./run-seed.ts";

/** How many runs are looked at, in both topologies. */
const SEEDS = 20;

describe("mall verify, after the runs of the simulation,", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mall-sim-verify-"));
  const files = await createSimFiles(folder);
  after(() => {
    files.close();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Topologies of the runs so far. */
  const seen = new Set<string>();

  for (let seed = 1; seed <= SEEDS; seed += 1) {
    it(`finds nothing that differs or is left open: seed ${seed}`, async () => {
      const before = files.allInOne.pay.commits;
      const { failure, virtualMs } = await runSeed({ seed, files });
      assert.equal(failure, undefined);
      const isAllInOne = files.allInOne.pay.commits > before;
      seen.add(isAllInOne ? "all in one" : "split");
      assert.deepEqual(await findingsAt(folder, isAllInOne, START_MS + virtualMs), []);
    });
  }

  it("has looked at one database for all services, and at one for each", () => {
    assert.deepEqual([...seen].toSorted(), ["all in one", "split"]);
  });
});

/** What is found in the databases of a run, at its end. */
async function findingsAt(folder: string, isAllInOne: boolean, now: number): Promise<string[]> {
  const runtime: Runtime = { ...systemRuntime, now: () => now };
  const open = (name: string) =>
    openDatabase({ dataSource: `sqlite:${join(folder, `${isAllInOne ? "mall" : name}.db`)}`, runtime });
  const pay = await open("pay");
  const order = isAllInOne ? pay : await open("order");
  const product = isAllInOne ? pay : await open("product");
  const findings: Finding[] = [];
  try {
    await verifyMall({ product, order, pay }, { report: (finding) => findings.push(finding) });
  } finally {
    for (const database of new Set([product, order, pay])) await database.close();
  }
  return findings
    .filter((finding) => !isOldPrice(finding))
    .map(({ kind, text, isUnderWay }) => `${kind}: ${text}${isUnderWay ? " (under way)" : ""}`);
}

/** A closed attempt that is paid late brings the price that it asked for, whatever the order costs by then. */
function isOldPrice({ kind, text }: Finding): boolean {
  const [, asked, got] = /attempt \d+ asked for (\d+) and got (\d+) /.exec(text) ?? [];
  return kind === "AMOUNT" && asked !== undefined && asked === got;
}
