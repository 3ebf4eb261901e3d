import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Logger, silentLogger } from "@mall/kit/log";
import { type GaugeReading, noopObserver, type Observer } from "@mall/kit/observe";
import {
  createShiftedRuntime,
  createTestFolder,
  startMariadb,
  type TestMysql,
  whyNoMysql,
} from "@mall/kit/testing";
import { createDatabases } from "./databases.ts";
import { createBreakers } from "./protection.ts";

/** The databases of a process whose clock can be set, and what it says of the server's. */
function watchedProcess() {
  const runtime = createShiftedRuntime();
  const lines: string[] = [];
  const log: Logger = {
    ...silentLogger,
    info: (_, text) => void lines.push(text),
    warn: (_, text) => void lines.push(text),
    child: () => log,
  };
  let read: (() => Promise<readonly GaugeReading[]>) | undefined;
  const observer: Observer = {
    ...noopObserver,
    gauge: ({ name }, reader) => {
      if (name === "mall_clock_skew_seconds") read = reader;
    },
  };
  const breakers = createBreakers({ runtime, log, observer: noopObserver });
  const databases = createDatabases({ runtime, log, observer, breakers });
  const skew = async (): Promise<number | undefined> => {
    assert.ok(read !== undefined, "the gauge is there");
    const [reading, ...others] = await read();
    assert.deepEqual(others, []);
    return reading?.value;
  };
  return { runtime, lines, databases, skew };
}

describe("the clock of a database's server", { skip: whyNoMysql() ?? false }, () => {
  let server: TestMysql;
  let dataSource: string;
  before(async () => {
    const started = await startMariadb();
    if ("skipped" in started) throw new Error(started.skipped);
    server = started;
    dataSource = await server.createDatabase();
  });
  after(() => server?.stop());

  it("is told by a metric, and once by the log when it is off and when it is right again", async () => {
    const { runtime, lines, databases, skew } = watchedProcess();
    try {
      await databases.open(dataSource);
      assert.ok(Math.abs((await skew()) ?? 9) < 1);
      assert.deepEqual(lines, []);
      runtime.shift(3_000);
      for (let scrape = 0; scrape < 3; scrape += 1) {
        assert.ok(Math.abs(((await skew()) ?? 9) + 3) < 1);
      }
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", /^the clock of the database at \S+ is [23]\.\d s behind this process's$/);
      runtime.shift(-3_000);
      await skew();
      assert.match(lines[1] ?? "", /agree again$/);
    } finally {
      await databases.close();
    }
  });

  it("is compared at the start already", async () => {
    const { runtime, lines, databases } = watchedProcess();
    runtime.shift(-8_000);
    try {
      await databases.open(dataSource);
      assert.match(lines.join(), /[78]\.\d s ahead of this process's$/);
    } finally {
      await databases.close();
    }
  });
});

it("SQLite has the clock of its process, and tells none", async () => {
  const { databases, lines, skew } = watchedProcess();
  try {
    await databases.open(`sqlite:${createTestFolder()}/test.db`);
    assert.equal(await skew(), undefined);
    assert.deepEqual(lines, []);
  } finally {
    await databases.close();
  }
});
