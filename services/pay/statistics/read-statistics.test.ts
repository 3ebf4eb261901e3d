import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import type { StatisticsRequest, StatisticsResponse, StatisticsRow } from "../rpc/gen/pay.ts";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

forEachDatabase("statistics", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases, { PayExpire: "0" });
  });
  after(() => world.close());

  const now = (): number => Math.floor(world.runtime.now() / 1000);
  const read = (request: Partial<StatisticsRequest> = {}): Promise<StatisticsResponse> =>
    world.client.statistics(call(), {
      ...{ from: now() - HOUR, to: now() + 60, bucket: "hour", utcOffset: 0 },
      ...request,
    });
  const untilWhole = async (request: Partial<StatisticsRequest>): Promise<StatisticsResponse> => {
    await world.until("all hours are added up", async () => !(await read(request)).isPartial);
    return read(request);
  };
  const paid = async (amount = 500): Promise<number> => {
    const { id } = await world.openPay({ amount });
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    world.hears = true;
    await world.bank.pay(outTradeNo);
    await world.untilPay(id, { status: 1 });
    world.hears = false;
    return id;
  };
  const totalOf = (rows: readonly StatisticsRow[], channel: string): Partial<StatisticsRow> => {
    const own = rows.filter((row) => row.channel === channel && row.currency === "CNY");
    assert.ok(own.length <= 1);
    return own[0] ?? {};
  };
  /** Everything that rows say, without their times. */
  const sumOf = (rows: readonly StatisticsRow[]): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const row of rows)
      for (const [name, value] of Object.entries(row))
        if (typeof value === "number" && !["time", "p50", "p95"].includes(name))
          sums[`${row.channel} ${name}`] = (sums[`${row.channel} ${name}`] ?? 0) + value;
    return sums;
  };

  it("of a mall where nothing happened say nothing", async () => {
    assert.deepEqual(await read(), { rows: [], totals: [], openAttempts: 0, isPartial: false });
    assert.deepEqual((await read({ bucket: "day", from: now() - 365 * DAY })).isPartial, false);
  });

  it("tell what was opened, tried, taken and sent back, by account, in minor units", async () => {
    const id = await paid(700);
    await paid(300);
    const asked = { id, refundNo: `S-${id}`, amount: 200, reason: "", requestedBy: 7 };
    await world.client.refund(call(), asked);
    await world.untilPay(id, { status: 4 });
    const open = await world.openPay({ amount: 50 });
    await world.client.prepay(call(), { id: open.id, channel: "sandbox" });
    await world.until("its notifications are there", async () => {
      const { totals } = await read();
      return totals.some(({ verified }) => verified >= 2);
    });
    for (const bucket of ["minute", "hour", "day"]) {
      const { rows, totals, openAttempts, isPartial } = await read({ bucket });
      assert.deepEqual([openAttempts, isPartial], [1, false], bucket);
      const { opened, openedAmount } = totalOf(totals, "");
      assert.deepEqual([opened, openedAmount], [3, 1_050], bucket);
      const { begun, succeeded, unsettled, failed, closed, ...money } = totalOf(totals, "sandbox");
      assert.deepEqual([begun, succeeded, unsettled, failed, closed], [3, 2, 1, 0, 0], bucket);
      assert.deepEqual(
        [money.successes, money.turnover, money.refunds, money.refunded],
        [2, 1_000, 1, 200],
        bucket,
      );
      assert.ok((money.p50 ?? 0) >= 5 && (money.p95 ?? 0) >= (money.p50 ?? 0), bucket);
      assert.deepEqual(sumOf(rows), sumOf(totals), bucket);
    }
  });

  it("tell the same of hours that are over, which are added up from then on", async () => {
    const early = sumOf((await read({ from: now() - 2 * HOUR })).totals);
    const from = now() - 2 * HOUR;
    world.runtime.shift(30 * DAY * 1000);
    assert.equal((await read({ from, bucket: "day" })).isPartial, true);
    const days = await untilWhole({ from, bucket: "day" });
    const closed = { "sandbox unsettled": 0, "sandbox closed": 1 };
    const told = sumOf(days.totals);
    for (const name of ["opened", "openedAmount"]) assert.equal(told[` ${name}`], early[` ${name}`], name);
    for (const name of ["begun", "succeeded", "successes", "turnover", "refunds", "refunded", "verified"])
      assert.equal(told[`sandbox ${name}`], early[`sandbox ${name}`], name);
    await world.until(
      "the attempt that nobody paid is closed",
      async () => (await read()).openAttempts === 0,
    );
    assert.ok((told["sandbox unsettled"] ?? 0) + (told["sandbox closed"] ?? 0) === closed["sandbox closed"]);
  });

  it("put days where a clock's days are", async () => {
    const from = now() - 40 * DAY;
    for (const utcOffset of [0, 480, -300]) {
      const { rows } = await untilWhole({ from, bucket: "day", utcOffset });
      assert.ok(rows.length > 0);
      for (const { time } of rows) assert.equal((time + utcOffset * 60) % DAY, 0, `${utcOffset}`);
    }
  });

  it("go on with new hours, beside what was added up", async () => {
    await paid(900);
    const from = now() - 40 * DAY;
    const { totals } = await untilWhole({ from, bucket: "day" });
    assert.deepEqual([totalOf(totals, "sandbox").successes, totalOf(totals, "sandbox").turnover], [3, 1_900]);
    world.runtime.shift(5 * HOUR * 1000);
    await world.until("the hour is added up", async () => {
      const later = await read({ from, bucket: "day" });
      return !later.isPartial && totalOf(later.totals, "sandbox").turnover === 1_900;
    });
    const hours = await read({ from: now() - 8 * HOUR });
    assert.equal(totalOf(hours.totals, "sandbox").turnover, 900);
  });

  it("count what was refused in an account's name", async () => {
    const forged = { channel: "sandbox", headers: [], body: Buffer.from("{}") };
    await assert.rejects(world.client.notify(call(), forged), { reason: "NOTIFY_FORGED" });
    const { rows } = await read();
    assert.equal(
      rows.reduce((sum, { refused }) => sum + refused, 0),
      1,
    );
  });

  it("are refused of ranges that are too long, or none", async () => {
    const field = async (request: Partial<StatisticsRequest>, name: string) =>
      assert.rejects(read(request), { field: name });
    await field({ from: 10, to: 10 }, "from");
    await field({ bucket: "minute", from: now() - 7 * HOUR }, "to");
    await field({ bucket: "hour", from: now() - 17 * DAY }, "to");
    await field({ bucket: "day", from: now() - 401 * DAY }, "to");
    await field({ bucket: "week" }, "bucket");
    await field({ bucket: "day", utcOffset: 30 }, "utcOffset");
  });
});
