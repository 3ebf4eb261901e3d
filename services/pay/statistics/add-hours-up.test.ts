import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { type Logger, silentLogger } from "@mall/kit/log";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { addHoursUp, HOUR_MS } from "./add-hours-up.ts";

const DAY_MS = 24 * HOUR_MS;
const DAYS = 400;
/** By a clock that goes so fast a run is over after a look or two. */
const LOOK_MS = 1_500;
const RUNS_MAX = 2_000;

forEachDatabase("hours of many years that are added up at once", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases, { PayExpire: "0" });
    await world.stop();
    // In the middle of an hour: none ends while the test runs.
    world.runtime.shift(HOUR_MS / 2 - (world.runtime.now() % HOUR_MS));
    for (let day = 0; day < DAYS; day += 200) {
      await world.openPay({ amount: 300 });
      world.runtime.shift(200 * DAY_MS);
    }
  });
  after(() => world.close());

  /** A process that adds up, and what it logs. */
  const start = () => {
    let elapsed = 0;
    const told: string[] = [];
    const log: Logger = { ...silentLogger, info: (_fields, text) => told.push(text) };
    const runtime = { ...world.runtime, elapsed: () => (elapsed += LOOK_MS) };
    return { told, addUp: addHoursUp({ ...world.context, runtime, log }) };
  };
  const span = () => world.context.payHourModel.span();
  const hours = async (): Promise<number> => {
    const sql = "SELECT COUNT(DISTINCT hour) AS found, SUM(opened) AS opened FROM pay_hour";
    const [row] = await world.database.read({ sql, parameters: [] });
    return Number(row?.found);
  };
  /** Runs until there is nothing more to do for an hour or so; after each there is no hole. */
  const finish = async (): Promise<number> => {
    let process = start();
    for (let run = 1; run <= RUNS_MAX; run += 1) {
      const { again } = Object(await process.addUp(call()));
      const { first, last } = (await span()) ?? { first: 0, last: -1 };
      assert.equal(await hours(), last - first + 1, "no hole");
      if (again > 60_000) return run;
      // Each time another process goes on where the one before was broken off.
      if (run % 3 === 0) process = start();
    }
    throw new Error("it goes on for ever");
  };

  it("are added up some at a time, whoever goes on, and the log says how many are left", async () => {
    const { told, addUp } = start();
    await addUp(call());
    await addUp(call());
    assert.ok((await hours()) < (DAYS * DAY_MS) / HOUR_MS / 2, "not all at once");
    const left = told.map((text) => Number(/(\d+) hours are yet to be added up/.exec(text)?.[1]));
    assert.ok((left.at(-1) ?? 0) > 0, told.join("\n"));
    assert.ok((await finish()) > 1);
    const { first, last } = (await span()) ?? { first: 0, last: 0 };
    assert.equal(last - first + 1, DAYS * 24);
    const [row] = await world.database.read({
      sql: "SELECT SUM(opened) AS opened FROM pay_hour",
      parameters: [],
    });
    assert.equal(Number(row?.opened), DAYS / 200);
  });

  it("are so too where nobody added up for weeks, with the hours before them once more", async () => {
    await world.openPay({ amount: 300 });
    world.runtime.shift(300 * DAY_MS);
    const { addUp } = start();
    const { again } = Object(await addUp(call()));
    assert.ok(again < 60_000, "there is more to do");
    await finish();
    const [row] = await world.database.read({
      sql: "SELECT SUM(opened) AS opened FROM pay_hour",
      parameters: [],
    });
    assert.equal(Number(row?.opened), DAYS / 200 + 1);
  });
});
