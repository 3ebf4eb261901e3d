import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import {
  type NewSampleRow,
  type PrivateMariadb,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
  startPrivateMariadb,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { createTableModel, type Database, migrateToLatest, openDatabase, type TableModel } from "../index.ts";

type Samples = TableModel<SampleRow, NewSampleRow, SampleColumns>;

describe("mysql database", { skip: whyNoPrivateMariadb() ?? false }, () => {
  let server: PrivateMariadb;
  let dataSource: string;
  const opened: Database[] = [];
  const open = async (params = ""): Promise<{ database: Database; samples: Samples }> => {
    const database = await openDatabase({ dataSource: dataSource + params, runtime: systemRuntime });
    opened.push(database);
    return { database, samples: createTableModel(database, sampleTable) };
  };
  before(async () => {
    server = await startPrivateMariadb();
    dataSource = await server.createDatabase();
    await migrateToLatest((await open()).database, sampleMigrations);
  });
  after(async () => {
    for (const database of opened) await database.close();
    await server.stop();
  });

  it("sends what a tick asks for in a few statements", async () => {
    const { database, samples } = await open();
    await samples.insert({ name: "warm" });
    const before = await counters(database);
    const ids = await Promise.all(
      Array.from({ length: 640 }, (_, i) => samples.insert({ name: `tick-${i}` })),
    );
    const between = await counters(database);
    assert.ok(between.inserts - before.inserts <= 12, `${between.inserts - before.inserts} inserts`);
    await Promise.all(ids.flatMap((id) => [samples.findOne(id), samples.findOne(id)]));
    const selects = (await counters(database)).selects - between.selects;
    assert.ok(selects <= 24, `${selects} selects`);
  });

  it("gives right ids where the server hands them out in steps", async () => {
    const { samples } = await open("?auto_increment_increment=7");
    const names = Array.from({ length: 30 }, (_, index) => `step-${index}`);
    const ids = await Promise.all(names.map((name) => samples.insert({ name })));
    const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
    assert.deepEqual(
      rows.map((row) => row?.name),
      names,
    );
  });

  it("gives right ids where the steps change in an open session, as on a cluster that a node joins or leaves", async () => {
    const { database, samples } = await open();
    await samples.insert({ name: "before" });
    // The only connection that is open: nothing else was asked for at the same time.
    await database.write({ sql: "SET SESSION auto_increment_increment = 3", parameters: [] });
    const names = Array.from({ length: 24 }, (_, index) => `changed-${index}`);
    const ids = await Promise.all(names.map((name) => samples.insert({ name })));
    const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
    assert.deepEqual(
      rows.map((row) => row?.name),
      names,
    );
  });

  it("reads and writes times in loc, in sessions of UTC", async () => {
    const { samples: shanghai } = await open("?parseTime=true&loc=Asia%2FShanghai");
    const { database, samples: utc } = await open("?parseTime=true");
    const time = new Date("2024-05-06T07:08:09.123Z");
    const id = await shanghai.insert({ openTime: time });
    const text = {
      sql: "SELECT open_time, @@session.time_zone AS zone FROM sample WHERE id = ?",
      parameters: [id],
    };
    const [row] = await database.read(text);
    assert.deepEqual({ ...row }, { open_time: "2024-05-06 15:08:09.123", zone: "+00:00" });
    assert.equal((await shanghai.findOne(id))?.openTime?.getTime(), time.getTime());
    assert.equal((await utc.findOne(id))?.openTime?.toISOString(), "2024-05-06T15:08:09.123Z");
    const found = await shanghai.findMany((query) => query.where("open_time", "=", time));
    assert.deepEqual(
      found.map((sample) => sample.id),
      [id],
    );
  });

  it("inserts a batch of rows that are larger than the server takes at once", async () => {
    const { database, samples } = await open();
    await database.write({ sql: "SET GLOBAL max_allowed_packet = 1048576", parameters: [] });
    await database.write({ sql: "ALTER TABLE sample MODIFY note mediumtext", parameters: [] });
    const large = createTableModel<SampleRow, NewSampleRow, SampleColumns>((await open()).database, {
      ...sampleTable,
      columns: sampleTable.columns.map((c) => (c.name === "note" ? { ...c, lengthMax: 1_000_000 } : c)),
    });
    const note = "'".repeat(100_000);
    const ids = await Promise.all(Array.from({ length: 20 }, () => large.insert({ note })));
    const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
    assert.ok(rows.every((row) => row?.note === note));
  });

  it("answers UNAVAILABLE while the server is down, and goes on when it is back with what it acknowledged", async () => {
    const { samples } = await open();
    const ids = await Promise.all([1, 2, 3].map((owner) => samples.insert({ owner })));
    await server.kill();
    for (const attempt of [
      () => samples.insert({}),
      () => samples.findOne(1),
      () => samples.update(1, { owner: 1 }),
    ]) {
      await assert.rejects(attempt(), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.message, "the database is not available");
        return error.code === "UNAVAILABLE" && error.reason === "DATABASE_UNAVAILABLE";
      });
    }
    await server.restart();
    const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
    assert.deepEqual(
      rows.map((row) => row?.owner),
      [1, 2, 3],
    );
  });
});

describe("opening a mysql database", { skip: whyNoPrivateMariadb() ?? false }, () => {
  it("says what is wrong with server, user or database, never the password", async () => {
    const server = await startPrivateMariadb();
    const good = server.dataSource("mysql");
    const cases: [dataSource: string, message: RegExp][] = [
      [server.dataSource("missing"), /no database "missing"/],
      [good.replace(/:[0-9a-f]+@/, ":topsecret@"), /user "mall".*check user and password/],
      ["u:topsecret@tcp(127.0.0.1:1)/mall", /cannot reach MySQL at 127\.0\.0\.1:1 /],
      ["u:topsecret@unix(/nowhere.sock)/mall", /cannot reach MySQL at \/nowhere\.sock/],
      [`${good}?no_such_variable=1`, /no_such_variable/],
    ];
    for (const [dataSource, message] of cases) {
      await assert.rejects(openDatabase({ dataSource, runtime: systemRuntime }), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.reason, "DATABASE_UNUSABLE");
        assert.match(error.message, message);
        return !error.message.includes("topsecret");
      });
    }
    await server.stop();
  });
});

describe("a server that does not return what it inserted", { skip: whyNoPrivateMariadb() ?? false }, () => {
  it("is asked for each id of a batch, and refuses a bad row alone", async () => {
    // MariaDB under MySQL's name.
    const server = await startPrivateMariadb(["--version=8.4.0"]);
    const dataSource = await server.createDatabase();
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    try {
      await migrateToLatest(database, sampleMigrations);
      const samples: Samples = createTableModel(database, sampleTable);
      await database.write({ sql: "SET SESSION auto_increment_increment = 3", parameters: [] });
      const names = Array.from({ length: 24 }, (_, index) => `mysql-${index}`);
      const ids = await Promise.all(names.map((name) => samples.insert({ name })));
      const rows = await Promise.all(ids.map((id) => samples.findOne(id)));
      assert.deepEqual(
        rows.map((row) => row?.name),
        names,
      );
      const twice = ["twin", "other", "twin"].map((name) => samples.insert({ name }));
      const settled = await Promise.allSettled(twice);
      assert.deepEqual(
        settled.map(({ status }) => status),
        ["fulfilled", "fulfilled", "rejected"],
      );
    } finally {
      await database.close();
      await server.stop();
    }
  });
});

async function counters(database: Database): Promise<{ inserts: number; selects: number }> {
  const rows = await database.read({
    sql: "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_insert', 'Com_select')",
    parameters: [],
  });
  const value = (name: string) => Number(rows.find((row) => row.Variable_name === name)?.Value);
  return { inserts: value("Com_insert"), selects: value("Com_select") };
}
