import assert from "node:assert/strict";
import { it } from "node:test";
import { Call } from "@mall/kit/call";
import type { HttpStreams } from "@mall/kit/http";
import type { BillLine } from "./bills/bill.ts";
import { dayAt } from "./bills/bill-day.ts";
import { attempt, type ChannelWorld, paidTrade, tradeRef, yes } from "./test-channel-conformance.ts";

const MINUTE_MS = 60_000;
const call = new Call();

/** A world whose channel has bills, and what they are read through. */
interface BilledWorld extends ChannelWorld {
  readonly streams: HttpStreams;
}

/** What the bills of every channel must be that has any. */
export function itBills(name: string, open: () => Promise<BilledWorld>): void {
  it(`${name} bills what was paid and given back, on its day, and nothing else`, async () => {
    const world = await open();
    const { channel, streams } = world;
    const { bills } = channel;
    assert.ok(bills !== undefined);
    for (const outTradeNo of ["PAY001", "PAY002"]) await paidTrade(world, outTradeNo);
    yes(await channel.prepay(call, attempt(world, "PAY003")));
    const refund = { trade: tradeRef("PAY001"), amount: 60, currency: "CNY", total: 100, refundNo: "R1" };
    yes(await channel.refund(call, refund));
    await world.advance(MINUTE_MS);

    const day = dayAt(world.now(), bills.aheadMs);
    const bill = yes(await bills.read(call, { day, streams }));
    assert.ok(bill.isThere && bill.from <= world.now() && world.now() < bill.until);
    const lines = await Array.fromAsync(bill.lines);
    const [one, two, back] = lines.toSorted((some, other) => numberOf(some).localeCompare(numberOf(other)));
    assert.equal(lines.length, 3);
    for (const [line, outTradeNo] of [
      [one, "PAY001"],
      [two, "PAY002"],
    ] as const) {
      const told = yes(await channel.query(call, tradeRef(outTradeNo)));
      assert.ok(told.state === "paid" && line?.kind === "payment");
      const { fee, ...billed } = line;
      const { tradeNo } = told;
      assert.deepEqual(billed, { kind: "payment", outTradeNo, tradeNo, amount: 100, currency: "CNY" });
      assert.equal(fee, told.fee ?? 1);
    }
    assert.ok(one?.kind === "payment" && back?.kind === "refund");
    const { fee: feeBack, ...givenBack } = back;
    assert.deepEqual(givenBack, {
      ...withoutFee(one),
      kind: "refund",
      amount: 60,
      refundNo: "R1",
      state: "made",
    });
    assert.ok(feeBack <= 0 && feeBack >= -one.fee);

    const before = yes(await bills.read(call, { day: dayAt(bill.from - 1, bills.aheadMs), streams }));
    assert.deepEqual([before.until, await Array.fromAsync(before.lines)], [bill.from, []]);
    await assert.rejects(async () => bills.read(call, { day: "2026-02-30", streams }), RangeError);
    world.failNext("forged");
    assert.equal((await bills.read(call, { day, streams })).kind, "unknown");
    await world.close();
  });
}

/** What the bills of every channel must be that come as a packed file. */
export function itUnpacksBills(name: string, open: () => Promise<BilledWorld>): void {
  it(`${name} has no bill where its file ends too early, is not packed, or is refused`, async () => {
    const world = await open();
    await paidTrade(world, "PAY001");
    const changed = (change: (whole: Buffer) => Uint8Array, status = 200): HttpStreams => ({
      open: async (request, options) => {
        const answer = await world.streams.open(request, options);
        const whole = Buffer.concat(await Array.fromAsync(answer.body));
        return { ...answer, status, body: once(change(whole)) };
      },
    });
    for (const streams of [
      changed((whole) => whole.subarray(0, -30)),
      changed((whole) => whole.subarray(0, 5)),
      changed(() => Buffer.from("<html>")),
      changed(() => Buffer.of()),
      changed((whole) => whole, 404),
    ]) {
      const bill = yes(await readToday(world, streams));
      await assert.rejects(Array.fromAsync(bill.lines), { reason: "BAD_ANSWER" });
    }
    await world.close();
  });
}

/** The bill of a world's day. */
export function readToday(
  { channel: { bills }, now, streams: own }: BilledWorld,
  streams: HttpStreams = own,
) {
  assert.ok(bills !== undefined);
  return bills.read(call, { day: dayAt(now(), bills.aheadMs), streams });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function withoutFee<Line extends { readonly fee: number }>({ fee: _, ...rest }: Line): Omit<Line, "fee"> {
  return rest;
}

function numberOf(line: BillLine): string {
  return line.kind === "payment" ? line.outTradeNo : line.kind;
}
