import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { systemRuntime } from "@mall/kit/runtime";
import {
  createShiftedRuntime,
  type PrivateMariadb,
  startPrivateMariadb,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { createConnection } from "mysql2/promise";
import {
  createTableModel,
  type Database,
  openDatabase,
  type TableDefinition,
  type TableModel,
} from "./index.ts";
import { zoneTimeText } from "./time-text.ts";

interface StayRow {
  id: number;
  endTime: Date | null;
  wallTime: Date | null;
  createTime: Date;
  updateTime: Date;
}
type NewStayRow = Partial<Pick<StayRow, "endTime" | "wallTime">>;
interface StayColumns {
  id: number;
  end_time: Date | null;
  wall_time: string | null;
  create_time: Date;
  update_time: Date;
}
type Stays = TableModel<StayRow, NewStayRow, StayColumns>;

const stayTable: TableDefinition = {
  name: "stay",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", min: 0, max: Number.MAX_SAFE_INTEGER, managed: "id" },
    { name: "end_time", property: "endTime", type: "time", nullable: true },
    { name: "wall_time", property: "wallTime", type: "time", wall: true, nullable: true },
    { name: "create_time", property: "createTime", type: "time", nullable: true, managed: "created" },
    { name: "update_time", property: "updateTime", type: "time", nullable: true, managed: "updated" },
  ],
  uniqueKeys: {},
};
const STAY =
  "CREATE TABLE stay (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, end_time timestamp NULL, " +
  "wall_time datetime NULL, create_time timestamp NULL DEFAULT CURRENT_TIMESTAMP, " +
  "update_time timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The server is started in Berlin; New York is a zone that it knows by name. */
const SERVERS = [
  { zone: "SYSTEM", session: "" },
  { zone: "SYSTEM", session: "time_zone=%27%2B08%3A00%27" },
  { zone: "+00:00", session: "" },
  { zone: "+08:00", session: "" },
  { zone: "America/New_York", session: "" },
];
const LOCS = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Local"];
const PROCESS_ZONE = "Australia/Lord_Howe";
/** When no clock changes, and around the hours in which clocks of these zones do. */
const CALM = ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"];
const CHANGES = [
  ...["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"], // Berlin
  ...["2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"], // New York
  ...["2026-04-05T03:00:00Z", "2026-09-06T04:00:00Z"], // Santiago
  ...["2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"], // Lord Howe
];

describe("times in a database", { skip: whyNoPrivateMariadb() ?? false, timeout: 300_000 }, () => {
  let server: PrivateMariadb;
  let dataSource: string;
  let admin: Database;
  const zoneBefore = process.env.TZ;
  const run = (sql: string): Promise<unknown> => admin.write({ sql, parameters: [] });

  before(async () => {
    process.env.TZ = PROCESS_ZONE;
    server = await startPrivateMariadb([], "Europe/Berlin");
    dataSource = await server.createDatabase();
    admin = await openDatabase({ dataSource, runtime: systemRuntime });
    await run(STAY);
    await loadZone(server.dataSource("mysql"), "America/New_York");
  });
  after(async () => {
    if (zoneBefore === undefined) delete process.env.TZ;
    else process.env.TZ = zoneBefore;
    await admin.close();
    await server.stop();
  });

  for (const { zone, session } of SERVERS) {
    const title = `of a server in ${zone}${session === "" ? "" : ", sessions in +08:00"}`;
    it(`${title} are what they were and in order, and another program's too, at any hour`, async () => {
      await run(`SET GLOBAL time_zone = '${zone}'`);
      for (const loc of LOCS) {
        const parameters = `?parseTime=true&loc=${encodeURIComponent(loc)}&${session}`;
        const world = await World.open(dataSource + parameters, loc);
        try {
          for (const time of CALM) await world.agreesWithGo(Date.parse(time));
          for (const time of CHANGES) {
            const change = Date.parse(time);
            for (let at = change - HOUR_MS; at < change + 2 * HOUR_MS; at += 35 * MINUTE_MS) {
              await world.livesThrough(at + 7 * SECOND_MS + 642);
            }
          }
        } finally {
          await world.close();
        }
      }
    });
  }
});

/** The table as one of our processes, another of ours, and a program with go-sql-driver have it. */
class World {
  readonly #runtime = createShiftedRuntime();
  readonly #loc: string;
  readonly #session: string | undefined;
  readonly #dataSource: string;
  readonly #databases: Database[] = [];

  private constructor(dataSource: string, loc: string) {
    this.#dataSource = dataSource;
    this.#loc = loc === "Local" ? PROCESS_ZONE : loc;
    this.#session = new URLSearchParams(dataSource.split("?")[1]).get("time_zone")?.replaceAll("'", "");
  }

  static async open(dataSource: string, loc: string): Promise<World> {
    const world = new World(dataSource, loc);
    for (const runtime of [world.#runtime, systemRuntime]) {
      world.#databases.push(await openDatabase({ dataSource, runtime }));
    }
    return world;
  }

  /** A row that is made at `now`, to end a quarter of an hour later; the other process sees the same and knows when it is due. */
  async livesThrough(now: number): Promise<void> {
    const [ours, others] = this.#databases.map(stays);
    assert.ok(ours !== undefined && others !== undefined);
    this.#setClock(now);
    const end = new Date(Math.floor(now / SECOND_MS) * SECOND_MS + 15 * MINUTE_MS);
    const id = await ours.insert({ endTime: end, wallTime: end });
    const rows = await Promise.all([ours.findOne(id), others.findOne(id)]);
    const what = `loc ${this.#loc}, ${new Date(now).toISOString()}`;
    for (const row of rows) {
      assert.ok(row !== undefined);
      assertNear(row.createTime, now, what);
      assertNear(row.updateTime, now, what);
      assertNear(row.endTime, end.getTime(), what);
      assertNear(row.wallTime, end.getTime(), what);
    }
    for (const [past, expected] of [
      [-3, 0],
      [3, 1],
    ] as const) {
      const at = new Date(end.getTime() + past * SECOND_MS);
      const due = await others.findMany((query) => query.where("id", "=", id).where("end_time", "<=", at));
      assert.equal(due.length, expected, `${what}: due ${past} s after its end`);
    }
    this.#setClock(now + MINUTE_MS);
    await ours.update(id, { endTime: end });
    assertNear((await others.findOne(id))?.updateTime, now + MINUTE_MS, what);
    this.#setClock(now + 2 * MINUTE_MS);
    await ours.updateMany([id], (query) => query.set({ wall_time: null }));
    assertNear((await others.findOne(id))?.updateTime, now + 2 * MINUTE_MS, what);
  }

  /** What we write it reads as that, and what it writes we read as that. */
  async agreesWithGo(now: number): Promise<void> {
    const [ours] = this.#databases.map(stays);
    assert.ok(ours !== undefined);
    this.#setClock(now);
    const time = new Date(Math.floor(now / SECOND_MS) * SECOND_MS);
    const id = await ours.insert({ endTime: time, wallTime: time });
    const go = await createConnection({ ...goOptions(this.#dataSource), dateStrings: true });
    try {
      if (this.#session !== undefined) await go.query("SET time_zone = ?", [this.#session]);
      const times = zoneTimeText(this.#loc);
      const [rows] = await go.query(
        "SELECT end_time, wall_time, create_time, update_time FROM stay WHERE id = ?",
        [id],
      );
      const [read] = rows as Record<string, string>[];
      assert.equal(Object.keys(read ?? {}).length, 4);
      for (const [name, text] of Object.entries(read ?? {})) {
        assert.equal(times.toDate(text).toISOString(), time.toISOString(), `${name}, loc ${this.#loc}`);
      }
      const text = times.toText(time);
      await go.query("UPDATE stay SET end_time = ?, wall_time = ?, create_time = ? WHERE id = ?", [
        text,
        text,
        text,
        id,
      ]);
      const row = await ours.findOne(id);
      for (const seen of [row?.endTime, row?.wallTime, row?.createTime]) {
        assert.equal(seen?.toISOString(), time.toISOString(), `of Go, loc ${this.#loc}`);
      }
    } finally {
      await go.end();
    }
  }

  async close(): Promise<void> {
    for (const database of this.#databases) await database.close();
  }

  #setClock(now: number): void {
    this.#runtime.shift(now - this.#runtime.now());
  }
}

function stays(database: Database): Stays {
  return createTableModel<StayRow, NewStayRow, StayColumns>(database, stayTable);
}

/** Whole seconds, and some of a second more in hours that are made up. */
function assertNear(time: Date | null | undefined, expected: number, what: string): void {
  const off = (time?.getTime() ?? Number.NaN) - expected;
  assert.ok(Math.abs(off) <= 2 * SECOND_MS, `${what}: ${off} ms off`);
}

function goOptions(dataSource: string) {
  const match = /^(\w+):(\w+)@tcp\(([\d.]+):(\d+)\)\/(\w+)/.exec(dataSource);
  assert.ok(match !== null);
  const [, user = "", password = "", host = "", port = "", database = ""] = match;
  return { user, password, host, port: Number(port), database };
}

/** Tells the server a zone by its name. */
async function loadZone(dataSource: string, zone: string): Promise<void> {
  const { stdout } = await promisify(execFile)("mariadb-tzinfo-to-sql", [
    `/usr/share/zoneinfo/${zone}`,
    zone,
  ]);
  const connection = await createConnection({ ...goOptions(dataSource), multipleStatements: true });
  await connection.query(stdout);
  await connection.end();
}
