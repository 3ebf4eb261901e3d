import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { openSimulatedStripe } from "./test-simulated-stripe.ts";
import { answer, error, INTENT_ID, openStripeWorld, TRADE, yes } from "./test-stripe-world.ts";

const call = new Call();
const ASKED = "GET /v1/disputes/dp_1";

function booked(id: string, amount: number, fee: number, currency = "cny"): object {
  return { id, object: "balance_transaction", type: "adjustment", amount, fee, currency, net: amount - fee };
}

function dispute(changes: object = {}): object {
  const metadata = { out_trade_no: TRADE.outTradeNo };
  const intent = { id: INTENT_ID, object: "payment_intent", currency: "cny", metadata };
  const charge = { id: "ch_1", amount: 500, currency: "cny", balance_transaction: booked("txn_0", 500, 15) };
  return {
    ...{ id: "dp_1", object: "dispute", amount: 60, currency: "cny", livemode: false, charge },
    ...{ payment_intent: intent, status: "needs_response", balance_transactions: [], reason: "fraudulent" },
    ...changes,
  };
}

describe("a dispute at Stripe", () => {
  it("tells whose trade it is of, what it has moved and whether it is over", async () => {
    const { channel, asked, say } = openStripeWorld();
    say({ [ASKED]: answer(dispute()) });
    const said = { outTradeNo: TRADE.outTradeNo, tradeNo: INTENT_ID, currency: "CNY", isOver: false };
    assert.deepEqual(yes(await queried(channel)), { ...said, moves: [] });
    assert.deepEqual(
      [0, 1].map((index) => asked[0]?.query.get(`expand[${index}]`)),
      ["payment_intent", "charge.balance_transaction"],
    );
    const moves = [booked("txn_1", -60, 15), booked("txn_2", 60, -15)];
    say({ [ASKED]: answer(dispute({ status: "won", balance_transactions: moves })) });
    assert.deepEqual(yes(await queried(channel)), {
      ...{ ...said, isOver: true },
      moves: [
        { moveNo: "txn_1", amount: -60, fee: 15 },
        { moveNo: "txn_2", amount: 60, fee: -15 },
      ],
    });
    for (const [status, isOver] of [
      ...(["lost", "warning_closed", "prevented"] as const).map((status) => [status, true] as const),
      ...(["under_review", "warning_under_review", "new"] as const).map((status) => [status, false] as const),
    ]) {
      say({ [ASKED]: answer(dispute({ status })) });
      assert.equal(yes(await queried(channel)).isOver, isOver, status);
    }
    say({ [ASKED]: answer(dispute({ payment_intent: { id: INTENT_ID, currency: "cny", metadata: {} } })) });
    assert.equal(yes(await queried(channel)).outTradeNo, "");
  });

  it("of an account that is settled in another currency is told in the payment's, by what was withdrawn", async () => {
    const { channel, say } = openStripeWorld();
    const moves = [booked("txn_1", -8, 2, "usd"), booked("txn_2", 4, 0, "usd")];
    say({ [ASKED]: answer(dispute({ balance_transactions: moves })) });
    assert.deepEqual(yes(await queried(channel)).moves, [
      { moveNo: "txn_1", amount: -60, fee: 15 },
      { moveNo: "txn_2", amount: 30, fee: 0 },
    ]);
    // Nothing says what that is in the payment's currency.
    say({ [ASKED]: answer(dispute({ balance_transactions: moves.slice(1) })) });
    assert.equal((await queried(channel)).kind, "unknown");
  });

  it("in another currency than its payment is told in the payment's, at the rate of the charge", async () => {
    const { channel, say } = openStripeWorld();
    const told = async (changes: object) => {
      say({ [ASKED]: answer(dispute({ amount: 9, currency: "eur", ...changes })) });
      const { currency, moves } = yes(await queried(channel));
      return [currency, ...moves.map(({ amount, fee }) => [amount, fee])];
    };
    const charge = (balance: unknown, currency = "cny") => ({
      ...{ id: "ch_1", amount: 500, currency, balance_transaction: balance },
    });
    // Of 500 that were paid, 80 were settled: 6.25 for each.
    const settled = charge(booked("txn_0", 80, 3, "usd"));
    const moves = [booked("txn_1", -10, 2, "usd"), booked("txn_2", 9, 0, "usd")];
    assert.deepEqual(await told({ balance_transactions: moves, charge: settled }), [
      "CNY",
      [-63, 13],
      [56, 0],
    ]);
    // What is booked in the payment's currency is not exchanged.
    assert.deepEqual(await told({ balance_transactions: [booked("txn_1", -62, 15)] }), ["CNY", [-62, 15]]);
    for (const unsettled of [
      ...[charge("txn_0"), charge(null), charge(booked("txn_0", 80, 3, "gbp"))],
      ...[charge(booked("txn_0", 0, 0, "usd")), charge(booked("txn_0", 80, 3, "usd"), "usd")],
    ]) {
      const asked = { amount: 9, currency: "eur", balance_transactions: moves, charge: unsettled };
      say({ [ASKED]: answer(dispute(asked)) });
      assert.equal((await queried(channel)).kind, "unknown", JSON.stringify(unsettled));
    }
  });

  it("is unknown where the answer is another's, or none", async () => {
    const { channel, say } = openStripeWorld();
    for (const changes of [
      ...[
        { id: "dp_2" },
        { livemode: true },
        { payment_intent: INTENT_ID },
        { balance_transactions: undefined },
      ],
      ...[
        { balance_transactions: [booked("txn_1", 2 ** 60, 0)] },
        { balance_transactions: [{ id: "txn_1" }] },
      ],
    ]) {
      say({ [ASKED]: answer(dispute(changes)) });
      assert.equal((await queried(channel)).kind, "unknown", JSON.stringify(changes));
    }
    say({ [ASKED]: error(403, "invalid_request_error") });
    assert.equal((await queried(channel)).kind, "unknown");
    assert.equal((await queried(channel, "../refunds")).kind, "unknown");
  });

  it("is what the simulator says of one: taken with a fee, and given back", async () => {
    const world = await openSimulatedStripe("intent");
    const { channel, simulator } = world;
    const outTradeNo = "P1N1Xd";
    const opened = yes(
      await channel.prepay(call, {
        ...{ outTradeNo, amount: 500, currency: "CNY", subject: "x", product: "intent" },
        expireAt: world.runtime.now() + 3_600_000,
      }),
    );
    const ref = opened.channelRef ?? "";
    assert.ok(ref.startsWith("pi_"));
    await simulator.pay("stripe", ref);
    const disputeNo = await simulator.dispute(ref, { amount: 400 });
    const taken = yes(await queried(channel, disputeNo));
    assert.deepEqual(
      [taken.outTradeNo, taken.tradeNo, taken.isOver, taken.moves.map(({ amount, fee }) => [amount, fee])],
      [outTradeNo, ref, false, [[-400, 1500]]],
    );
    await simulator.endDispute(disputeNo, "won");
    const back = yes(await queried(channel, disputeNo));
    assert.deepEqual(
      [back.isOver, back.moves.map(({ amount, fee }) => [amount, fee])],
      [
        true,
        [
          [-400, 1500],
          [400, 0],
        ],
      ],
    );
  });
});

type Queried = Pick<ReturnType<typeof openStripeWorld>["channel"], "queryDispute">;

async function queried({ queryDispute }: Queried, disputeNo = "dp_1") {
  assert.ok(queryDispute !== undefined);
  return queryDispute(call, disputeNo);
}
