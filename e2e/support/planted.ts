import assert from "node:assert/strict";
import { before, it } from "node:test";
import type { Database } from "@mall/kit/store";
import type { TestDatabases } from "@mall/kit/testing";
import { type Finding, verifyMall } from "../../cli/verify/index.ts";
import { startTestMall } from "./mall.ts";
import { type MoneyScene, playMoney } from "./money-scene.ts";
import { gatewayUrls } from "./people.ts";
import { assertVerifiedDatabases } from "./verified.ts";

/** Older than anything that a test does by itself. */
export const OLDER_THAN_MS = 3_600_000;
const LONG_AGO_MS = Date.UTC(2020, 0, 2);

/** A damage, and what must be said of it. */
export interface Plant {
  readonly change: readonly string[];
  readonly undo: readonly string[];
  readonly kinds: readonly string[];
  readonly text: RegExp;
}

/** A mall that has ended, in whose rows damages are planted; there from the suite's first test on. */
export interface PlantedMall {
  readonly database: Database;
  readonly scene: MoneyScene;
  /** A time long ago, as the database's time columns hold it, and in milliseconds since the epoch. */
  readonly longAgo: string;
  readonly longAgoMs: number;
  verify(): Promise<{
    findings: Finding[];
    differences: Finding[];
    verified: Awaited<ReturnType<typeof verifyMall>>;
  }>;
  write(statements: readonly string[]): Promise<void>;
  number(sql: string): Promise<number>;
}

/**
 * Plays purchases of every kind before the tests of a suite, and stops the mall: from then on nobody mends what is
 * planted.
 */
export function usePlantedMall(databases: TestDatabases): () => PlantedMall {
  let planted: PlantedMall | undefined;
  before(async () => {
    const dataSource = await databases.createDataSource();
    const mall = await startTestMall({ dataSource });
    const scene = await playMoney(gatewayUrls(mall.url));
    const database = await databases.open({ dataSource });
    const { initial } = scene;
    await assertVerifiedDatabases({ product: database, order: database, pay: database }, { initial });
    await mall.stop();
    planted = {
      database,
      scene,
      longAgo: database.times.toText(new Date(LONG_AGO_MS)),
      longAgoMs: LONG_AGO_MS,
      verify: () => verifyAll(database, scene),
      write: async (statements) => {
        for (const sql of statements) await database.write({ sql, parameters: [] });
      },
      number: async (sql) => {
        const [row] = await database.read({ sql, parameters: [] });
        const [value] = Object.values(row ?? {});
        assert.ok(typeof value === "number", sql);
        return value;
      },
    };
  });
  return () => planted ?? assert.fail("the suite has not begun");
}

/** One test for one rule: the damage is named, and nothing else is; without it all is well again. */
export function testRule(
  title: string,
  mall: () => PlantedMall,
  plantOf: (mall: PlantedMall) => Plant | Promise<Plant>,
): void {
  it(title, async () => {
    const { write, verify } = mall();
    const { change, undo, kinds, text } = await plantOf(mall());
    await write(change);
    const { differences } = await verify();
    await write(undo);
    const texts = differences.map((each) => `${each.kind}: ${each.text}`).join("\n");
    assert.deepEqual([...new Set(differences.map(({ kind }) => kind))].toSorted(), kinds, texts);
    assert.match(texts, text);
    assert.ok(differences.every(({ next }) => next !== ""));
    assert.deepEqual((await verify()).differences, []);
  });
}

async function verifyAll(database: Database, { initial }: MoneyScene) {
  const findings: Finding[] = [];
  const verified = await verifyMall(
    { product: database, order: database, pay: database },
    { olderThanMs: OLDER_THAN_MS, initial, report: (finding) => findings.push(finding) },
  );
  const differences = findings.filter(({ isUnderWay }) => !isUnderWay);
  assert.equal(verified.differences, differences.length);
  assert.equal(verified.underWay, findings.length - differences.length);
  return { findings, differences, verified };
}
