import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import {
  createShiftedRuntime,
  type PrivateMariadb,
  startPrivateMariadb,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { checkDatabase } from "./check-database.ts";
import type { Finding } from "./finding.ts";

describe("mall doctor and a MySQL server", { skip: whyNoPrivateMariadb() ?? false, timeout: 300_000 }, () => {
  let server: PrivateMariadb;
  let dataSource: string;
  const zoneBefore = process.env.TZ;

  before(async () => {
    server = await startPrivateMariadb([], "UTC");
    dataSource = await server.createDatabase();
  });
  after(async () => {
    if (zoneBefore === undefined) delete process.env.TZ;
    else process.env.TZ = zoneBefore;
    await server?.stop();
  });

  const look = (parameters = "", runtime: Runtime = systemRuntime): Promise<Finding[]> =>
    checkDatabase({ dataSource: `${dataSource}?${parameters}`, sets: [], migratesItself: false, runtime });
  const levels = (findings: readonly Finding[]): string[] => findings.map(({ level }) => level);

  it("finds nothing to say where clocks and zones are one", async () => {
    const findings = await look("loc=UTC");
    assert.deepEqual(levels(findings), ["ok", "ok", "ok"], JSON.stringify(findings));
    assert.match(findings[1]?.what ?? "", /its clock and this machine's agree$/);
    const zones = /loc UTC, sessions of Go SYSTEM, server UTC, this process \S+$/;
    assert.match(findings[2]?.what ?? "", zones);
  });

  it("tells of a session whose zone is another than loc, with the hours, and of none where they are made to fit", async () => {
    for (const [parameters, told] of [
      ["loc=Asia%2FShanghai", / 8 h off$/],
      ["loc=Europe%2FBerlin", / 1 to 2 h off$/],
      ["loc=America%2FNew_York&time_zone=%27-05%3A00%27", / 0 to 1 h off$/],
      ["time_zone=%27-03%3A30%27", /sessions of Go -03:30, .* 3\.5 h off$/],
    ] as const) {
      const zones = (await look(parameters)).at(-1);
      assert.equal(zones?.level, "warn", parameters);
      assert.match(zones?.what ?? "", told);
      assert.match(zones?.fix ?? "", /before there are rows/);
    }
    for (const parameters of ["loc=Asia%2FShanghai&time_zone=%27%2B08%3A00%27", ""]) {
      assert.equal((await look(parameters)).at(-1)?.level, "ok", parameters);
    }
  });

  it("tells of a loc that goes by the machine", async () => {
    process.env.TZ = "Asia/Tokyo";
    const findings = await look("loc=Local&time_zone=%27%2B09%3A00%27");
    assert.deepEqual(levels(findings), ["ok", "ok", "ok", "warn"]);
    assert.match(findings[2]?.what ?? "", /loc Local \(Asia\/Tokyo\), .* this process Asia\/Tokyo$/);
    assert.equal(findings[3]?.fix, "name the zone: loc=Asia%2FTokyo");
  });

  it("warns of a clock that is a second off, and finds fault with one that is more than five", async () => {
    for (const [shiftMs, level, told] of [
      [-3_000, "warn", /its clock is [23]\.\d s ahead of this machine's$/],
      [3_000, "warn", /its clock is [23]\.\d s behind this machine's$/],
      [3_600_000, "fail", /its clock is 3[56]\d\d\.\d s behind/],
    ] as const) {
      const runtime = createShiftedRuntime();
      runtime.shift(shiftMs);
      const clock = (await look("", runtime))[1];
      assert.equal(clock?.level, level);
      assert.match(clock?.what ?? "", told);
      assert.match(clock?.fix ?? "", /NTP/);
    }
  });

  it("tells of tables without transactions, and of those that refuse an emoji", async () => {
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    for (const sql of [
      "CREATE TABLE user (id bigint PRIMARY KEY, name varchar(255)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3",
      "CREATE TABLE pay (id bigint PRIMARY KEY) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4",
      "CREATE TABLE product (id bigint PRIMARY KEY, name varchar(255)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
      "CREATE TABLE others (id bigint PRIMARY KEY) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4",
    ]) {
      await database.write({ sql, parameters: [] });
    }
    await database.close();
    const told = (await look()).filter(({ what }) => what.startsWith("table "));
    assert.deepEqual(
      told.map(({ level, what }) => `${level} ${what}`),
      [
        "fail table pay is MyISAM, which keeps no transactions",
        "warn table user (InnoDB) keeps texts in utf8mb3, which refuses an emoji",
      ],
    );
    for (const { fix } of told) assert.match(fix ?? "", /mall migrate/);
  });
});
