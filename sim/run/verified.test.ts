import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase, type RawRow, type SqlValue } from "@mall/kit/store";
import { createTestFolder } from "@mall/kit/testing";
import { type Finding, type MallDatabases, verifyMall } from "../../cli/verify/index.ts";
import { createSimFiles, type MallFiles, START_MS } from "../nodes/index.ts";
import { runSeed } from "./run-seed.ts";
import { SHAPES } from "./shape.ts";

/** How many runs of each shape are looked at. */
const SEEDS = 20;

/** By then nothing is young any more. */
const LATER_MS = 3_600_000;

for (const shape of SHAPES)
  describe(`mall verify, after runs of the ${shape} shape,`, async () => {
    const folder = createTestFolder();
    const files = await createSimFiles(folder);
    after(() => files.close());
    /** Topologies of the runs so far. */
    const seen = new Set<string>();

    for (let seed = 1; seed <= SEEDS; seed += 1) {
      it(`finds nothing that differs or is left open, and each paid order that is cancelled past the mall: seed ${seed}`, async (t) => {
        const { failure, virtualMs, topology } = await runSeed({ seed, shape, files });
        assert.equal(failure, undefined);
        const { allInOne: isAllInOne } = topology;
        seen.add(isAllInOne ? "all in one" : "split");
        const end = START_MS + virtualMs;
        const target = mkdtempSync(join(tmpdir(), "mall-sim-verify-"));
        t.after(() => rmSync(target, { recursive: true, force: true }));
        const copy = copyOf(folder, target, isAllInOne);
        if (shape === "production") await fill(copy, isAllInOne ? files.allInOneOnMysql : files.splitOnMysql);
        assert.deepEqual(await findingsAt(copy, end), []);
        const paid = await cancelPaidOrders(copy);
        const found = await findingsAt(copy, end + LATER_MS);
        const unheard = found.filter((text) => text.startsWith("PAID_UNHEARD"));
        assert.equal(unheard.length, paid.length, found.join("\n"));
        for (const oid of paid) assert.ok(unheard.some((text) => text.includes(`, order ${oid}: `)));
      });
    }

    it("has looked at one database for all services, and at one for each", () => {
      assert.deepEqual([...seen].toSorted(), ["all in one", "split"]);
    });
  });

/** Data sources of the services. */
type Sources = Readonly<Record<keyof MallDatabases, string>>;

/** What is committed in the databases of a run, in files of its own: a process that died there may hold locks. */
function copyOf(folder: string, target: string, isAllInOne: boolean): Sources {
  const copy = (name: string): string => {
    const file = `${isAllInOne ? "mall" : name}.db`;
    for (const part of [file, `${file}-wal`]) {
      if (existsSync(join(folder, part))) copyFileSync(join(folder, part), join(target, part));
    }
    return `sqlite:${join(target, file)}`;
  };
  return { product: copy("product"), order: copy("order"), pay: copy("pay") };
}

/** Puts the rows that are on simulated servers into empty files with the same tables. */
async function fill(copy: Sources, servers: MallFiles): Promise<void> {
  const services = Map.groupBy(["product", "order", "pay"] as const, (service) => copy[service]);
  for (const [dataSource, [service]] of services) {
    if (service === undefined) continue;
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    try {
      const tables = await database.read({
        sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%migration%' AND name NOT LIKE 'sqlite%'",
        parameters: [],
      });
      for (const { name } of tables) {
        const rows = servers[service].read<Record<string, SqlValue>>(`SELECT * FROM "${name}"`);
        for (const row of rows) {
          const columns = Object.keys(row).map((column) => `"${column}"`);
          const sql = `INSERT INTO "${name}" (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
          await database.write({ sql, parameters: Object.values(row) });
        }
      }
    } finally {
      await database.close();
    }
  }
}

/** Cancels paid orders whose money then stays where it is; returns their ids. */
async function cancelPaidOrders({ order, pay }: Sources): Promise<number[]> {
  const goingBack = "SELECT oid FROM pay WHERE amount > 0 AND refunded_amount + refunding_amount >= amount";
  const leaving = new Set((await ask(pay, goingBack)).map(({ oid }) => Number(oid)));
  const paid = (await ask(order, "SELECT id FROM `order` WHERE status = 1")).map(({ id }) => Number(id));
  const ids = paid.filter((id) => !leaving.has(id));
  if (ids.length > 0)
    await ask(order, `UPDATE \`order\` SET status = 9 WHERE id IN (${ids.join()}) RETURNING id`);
  return ids;
}

async function ask(dataSource: string, sql: string): Promise<readonly RawRow[]> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  try {
    return (await database.write({ sql, parameters: [] })).rows;
  } finally {
    await database.close();
  }
}

/** What is found in the databases of a run at a time. */
async function findingsAt(sources: Sources, now: number): Promise<string[]> {
  const runtime: Runtime = { ...systemRuntime, now: () => now };
  const opened = new Map<string, Database>();
  for (const dataSource of new Set(Object.values(sources))) {
    opened.set(dataSource, await openDatabase({ dataSource, runtime }));
  }
  const database = (service: keyof MallDatabases): Database => opened.get(sources[service]) ?? assert.fail();
  const findings: Finding[] = [];
  try {
    const databases = { product: database("product"), order: database("order"), pay: database("pay") };
    await verifyMall(databases, { report: (finding) => findings.push(finding) });
  } finally {
    for (const each of opened.values()) await each.close();
  }
  return findings.map(({ kind, text, isUnderWay }) => `${kind}: ${text}${isUnderWay ? " (under way)" : ""}`);
}
