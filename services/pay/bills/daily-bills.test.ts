import assert from "node:assert/strict";
import { after, before, beforeEach, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import type { BillLine } from "../channels/bills/bill.ts";
import { dayOf } from "../channels/bills/bill-day.ts";
import type { Channel } from "../channels/channel.ts";
import { type Difference, verifyBooks } from "../model/books/verify-books.ts";
import { BILL_STATE } from "../model/pay-bill-model.ts";
import { ACCOUNT, DAY, HOUR_MS, NEXT_DAY, NOON, payment } from "../reconcile/test-billed.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { Bill } from "../rpc/gen/pay.ts";
import { createPayServer } from "../rpc/gen/server.ts";
import { call, refused } from "../rpc/test-pay-world.ts";
import { compareBill } from "./compare-bill.ts";
import { DAY_MS, DailyBills, READY, staff } from "./test-daily-bills.ts";

forEachDatabase("bills, day by day", (databases) => {
  let daily: DailyBills;
  before(async () => {
    daily = await DailyBills.open(databases);
  });
  after(() => daily.world.close());
  beforeEach(() => daily.begin());

  it("begin with the day on which the mall knows an account first, and then each is compared when it is made", async () => {
    await daily.billed.receive("P1");
    daily.days[DAY] = [payment("P1"), { kind: "other", what: "payout" }];
    assert.ok((await daily.find()) <= 10 * 60_000);
    daily.clock = READY - 60_000;
    assert.equal(await daily.find(), 60_000);
    assert.deepEqual(await daily.list(), [], "nothing is compared from before, nor too early");
    daily.clock = READY;
    await daily.look();
    const [bill, ...more] = await daily.list();
    assert.ok(bill !== undefined);
    const { id: _, ...said } = bill;
    assert.deepEqual(
      [said, more],
      [
        {
          ...{ channel: "app", day: DAY, state: BILL_STATE.compared, error: "", comparedTime: READY / 1000 },
          ...{
            payments: 1,
            refunds: 0,
            others: 1,
            atEdge: 0,
            differences: 0,
            open: 0,
            notKept: 0,
            unbookedFees: 0,
          },
          sums: [{ currency: "CNY", paid: 500, refunded: 0, fees: 3, feesBack: 0 }],
        },
        [],
      ],
    );
    await daily.look();
    assert.equal((await daily.list()).length, 1);
  });

  it("are compared once for all accounts of a merchant, and are listed by each of them", async () => {
    await daily.look();
    daily.clock = READY;
    await daily.look();
    const server = createPayServer(daily.process());
    for (const [channel, count] of [
      ["app", 1],
      [ACCOUNT, 1],
      ["other", 0],
    ] as const)
      assert.equal(
        (await server.billList(call(), { channel, before: 0, limit: 0 })).data.length,
        count,
        channel,
      );
  });

  it("after an outage are those of the days meanwhile, one after the other, and not of all the time before", async () => {
    await daily.look();
    daily.clock = READY + 3 * DAY_MS;
    const context = daily.process();
    await daily.find(context);
    assert.deepEqual(
      daily.asked.map(({ delayMs }) => delayMs),
      [0, 60_000, 120_000, 180_000],
    );
    daily.asked = [];
    daily.clock += 100 * DAY_MS;
    await daily.find(context);
    assert.equal(daily.asked.length, 31);
    assert.deepEqual(
      (await daily.list()).map(({ state }) => state),
      Array(35).fill(BILL_STATE.waiting),
    );
  });

  it("are looked for by two processes at once, and each is compared by one job", async () => {
    await daily.look();
    daily.clock = READY;
    await Promise.all([daily.find(), daily.find()]);
    assert.equal(daily.asked.length, 1);
    assert.equal((await daily.list()).length, 1);
  });

  it("are not looked for where they are not to be", async () => {
    const context = daily.process({ Daily: false });
    await daily.look(context);
    daily.clock = READY;
    await daily.look(context);
    assert.deepEqual(await daily.list(), []);
  });

  it("show a difference once, with what to do, and have what is mended gone by itself", async () => {
    await daily.look();
    const { payId } = await daily.billed.receive("P1", { at: NOON });
    daily.days[DAY] = [payment("P1", { amount: 501 }), payment("P0")];
    daily.clock = READY;
    await daily.look();
    const all = await daily.differences();
    const { id: _, billId, ...first } = all[0] ?? assert.fail("there is none");
    assert.deepEqual(first, {
      ...{
        channel: "app",
        day: DAY,
        kind: "AMOUNT",
        subject: "P1",
        payId,
        state: 0,
        note: "",
        settledBy: "",
      },
      ...{ foundTime: READY / 1000, endedTime: 0, text: first.text },
      next: "look at the trade at the channel, then correct the side that is wrong",
    });
    assert.match(first.text, /^P1: paid at app with 501 CNY; attempt \d+ of payment \d+ has 500 CNY$/);
    assert.ok(all.every((each) => each.billId === billId));
    // The next day reads this one again.
    daily.days[DAY] = [payment("P1"), payment("P0")];
    daily.days[NEXT_DAY] = [payment("P9")];
    daily.clock += DAY_MS;
    await daily.look();
    assert.deepEqual(await daily.told(0), [`${DAY} PAYMENT_UNKNOWN P0`, `${NEXT_DAY} PAYMENT_UNKNOWN P9`]);
    assert.deepEqual(await daily.told(2), [`${DAY} AMOUNT P1`]);
    assert.deepEqual(
      (await daily.list()).map(({ day, open, differences }) => [day, open, differences]),
      [
        [NEXT_DAY, 1, 1],
        [DAY, 1, 2],
      ],
    );
  });

  it("show what no bill of two days has, and what was under way at midnight with the second", async () => {
    await daily.look();
    const midnight = dayOf(DAY, 8 * HOUR_MS).until;
    await daily.billed.receive("P1");
    await daily.billed.receive("P2", { at: midnight + 30_000 });
    await daily.billed.receive("P3", { at: midnight + 30_000 });
    daily.days[DAY] = [payment("P2")];
    daily.clock = READY;
    await daily.look();
    assert.deepEqual(await daily.told(), [`${DAY} PAYMENT_NOT_BILLED P1`]);
    assert.equal((await daily.list())[0]?.atEdge, 1);
    daily.days[NEXT_DAY] = [];
    daily.clock += DAY_MS;
    await daily.look();
    assert.deepEqual(await daily.told(0), [
      `${DAY} PAYMENT_NOT_BILLED P1`,
      `${NEXT_DAY} PAYMENT_NOT_BILLED P3`,
    ]);
    assert.deepEqual(
      (await daily.list()).map(({ atEdge }) => atEdge),
      [0, 0],
    );
    // Read with the day after it, this one does not look at the midnight that P3 crossed.
    daily.days["2026-12-02"] = [];
    daily.clock += DAY_MS;
    await daily.look();
    assert.deepEqual(await daily.told(0), [
      `${DAY} PAYMENT_NOT_BILLED P1`,
      `${NEXT_DAY} PAYMENT_NOT_BILLED P3`,
    ]);
    daily.days["2026-12-02"] = [payment("P3")];
    const [{ id }] = (await daily.list()) as [Bill];
    await createPayServer(daily.process()).billCompare(staff("/pay.Pay/BillCompare"), { id });
    await daily.look();
    assert.deepEqual(await daily.told(2), [`${NEXT_DAY} PAYMENT_NOT_BILLED P3`]);
  });

  it("that are not there are asked for again during the day, then they are a difference until they come", async () => {
    await daily.look();
    await daily.billed.receive("P1");
    daily.clock = READY;
    const context = daily.process();
    const billId = await daily.findOne(context);
    const compare = () => compareBill(context, call(), { billId });
    assert.deepEqual(await compare(), { again: 30 * 60_000 });
    assert.deepEqual([await daily.told(), (await daily.list())[0]?.state], [[], BILL_STATE.waiting]);
    daily.clock += 23 * HOUR_MS + 31 * 60_000;
    assert.equal(await compare(), undefined);
    assert.deepEqual(
      [await daily.told(0), (await daily.list())[0]?.state],
      [[`${DAY} BILL_ABSENT `], BILL_STATE.absent],
    );
    daily.days[DAY] = [payment("P1")];
    daily.days[NEXT_DAY] = [];
    daily.clock = READY + DAY_MS;
    await daily.look();
    assert.deepEqual([await daily.told(0), await daily.told(2)], [[], [`${DAY} BILL_ABSENT `]]);
    assert.deepEqual(
      (await daily.list()).map(({ state }) => state),
      [BILL_STATE.compared, BILL_STATE.compared],
    );
  });

  it("of a day without business may be missing", async () => {
    await daily.look();
    daily.clock = READY;
    await daily.look();
    assert.deepEqual([await daily.told(), (await daily.list())[0]?.state], [[], BILL_STATE.absent]);
  });

  it("that break off count for nothing, and the row says why until one is whole", async () => {
    await daily.look();
    const { id } = await daily.billed.receive("P1");
    const whole = daily.billed.channelWith({ [DAY]: [payment("P1"), payment("P0")] });
    const broken: Channel = {
      ...whole,
      bills: {
        ...whole.bills,
        read: async () => ({
          kind: "yes",
          value: {
            ...{ ...dayOf(DAY, 8 * HOUR_MS), isThere: true },
            lines: (async function* (): AsyncGenerator<BillLine> {
              yield payment("P1");
              yield payment("P0");
              throw new AppError("UNKNOWN", "BAD_ANSWER", "it ends too early");
            })(),
          },
        }),
      },
    };
    daily.clock = READY;
    await refused(daily.look(daily.process({ channel: broken })), "BAD_ANSWER");
    const [bill] = await daily.list();
    assert.match(
      bill?.error ?? "",
      /^BAD_ANSWER: app's bill of 2026-11-30 is not whole.*: it ends too early$/,
    );
    assert.deepEqual([bill?.state, bill?.payments, await daily.told()], [BILL_STATE.waiting, 0, []]);
    assert.equal((await daily.world.context.attemptModel.findOne(id))?.lateFee, null);
    await compareBill(daily.process({ channel: whole }), call(), { billId: bill?.id ?? 0 });
    const [mended] = await daily.list();
    assert.deepEqual([mended?.state, mended?.error, mended?.open], [BILL_STATE.compared, "", 1]);
  });

  it("are compared twice at once, and broken off anywhere, and leave the same rows and each fee once", async () => {
    await daily.look();
    const numbers = Array.from({ length: 40 }, (_, index) => `P${index}`);
    for (const number of numbers) await daily.billed.receive(number);
    daily.days[DAY] = [...numbers.map((number) => payment(number)), payment("X1"), payment("X2")];
    daily.clock = READY;
    const context = daily.process();
    const billId = await daily.findOne(context);
    // The process ends after so many transactions.
    for (const lives of [0, 5, 17, 18]) {
      let left = lives;
      const dying: ServiceContext = {
        ...context,
        database: new Proxy(context.database, {
          get: (target, name) => {
            const value: unknown = Reflect.get(target, name, target);
            if (typeof value !== "function") return value;
            if (name !== "transaction") return value.bind(target);
            left -= 1;
            return left < 0 ? () => Promise.reject(new Error("the process is dead")) : value.bind(target);
          },
        }),
      };
      await assert.rejects(compareBill(dying, call(), { billId }), /dead/);
      assert.deepEqual([(await daily.list())[0]?.state, await daily.told()], [BILL_STATE.waiting, []]);
    }
    await Promise.all([0, 1].map(() => compareBill(context, backgroundCall(), { billId })));
    await compareBill(context, call(), { billId });
    const [bill] = await daily.list();
    assert.deepEqual([bill?.payments, bill?.differences, bill?.unbookedFees], [42, 2, 0]);
    assert.deepEqual(await daily.told(), [`${DAY} PAYMENT_UNKNOWN X1`, `${DAY} PAYMENT_UNKNOWN X2`]);
    const sql =
      "SELECT COUNT(*) AS entries, SUM(debit) AS fees FROM ledger_entry WHERE txn_key LIKE 'fee:%' AND debit > 0";
    const [row] = await daily.world.database.read({ sql, parameters: [] });
    assert.deepEqual([Number(row?.entries), Number(row?.fees)], [40, 120]);
    const found: Difference[] = [];
    await verifyBooks(daily.world.database, (difference) => found.push(difference));
    assert.deepEqual(found, []);
  });

  it("may leave the books as they are, and tell how many fees these do not know", async () => {
    await daily.look();
    const { id } = await daily.billed.receive("P1");
    daily.days[DAY] = [payment("P1")];
    daily.clock = READY;
    await daily.look(daily.process({ BookFees: false }));
    assert.equal((await daily.list())[0]?.unbookedFees, 1);
    assert.equal((await daily.world.context.attemptModel.findOne(id))?.lateFee, null);
  });

  it("with very many differences keep some and count the rest", async () => {
    await daily.look();
    daily.days[DAY] = Array.from({ length: 1_200 }, (_, index) => payment(`X${index}`));
    daily.clock = READY;
    await daily.look();
    const [bill] = await daily.list();
    assert.deepEqual([bill?.differences, bill?.open, bill?.notKept], [1_200, 1_200, 1_000]);
    const count = { sql: "SELECT COUNT(*) AS kept FROM pay_bill_difference", parameters: [] };
    assert.equal(Number((await daily.world.database.read(count))[0]?.kept), 200);
    // The same ones are found again, and none of those beyond them has their place.
    daily.days[NEXT_DAY] = [];
    daily.clock += DAY_MS;
    await daily.look();
    assert.equal((await daily.list()).at(-1)?.differences, 1_200);
    assert.equal(Number((await daily.world.database.read(count))[0]?.kept), 200);
  });

  it("of accounts that are gone wait for them, and those of their merchant stand in", async () => {
    await daily.look();
    daily.days[DAY] = [];
    daily.clock = READY;
    const context = daily.process();
    const billId = await daily.findOne(context);
    await refused(compareBill({ ...context, channels: new Map() }, call(), { billId }), "CHANNEL_GONE");
    const other = new Map([...context.channels].filter(([name]) => name !== "app"));
    await compareBill({ ...context, channels: other }, call(), { billId });
    assert.equal((await daily.list())[0]?.state, BILL_STATE.compared);
  });
});
