import assert from "node:assert/strict";
import { test } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError, type Code } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import type { OrderClient } from "@mall/order/rpc";
import { cancelOrder, tellOrderPaid, tellOrderRefunded } from "./tell-order.ts";

const call = new Call();
const ORDER = { id: 1, amount: 500 };

/** An order service that answers each method with this error; undefined is an answer. */
function orders(errors: Readonly<Record<string, AppError | undefined>>, status = 0) {
  const answer = (method: string) => async () => {
    const error = errors[method];
    if (error !== undefined) throw error;
    return method === "detail" ? { status } : {};
  };
  const methods = ["paid", "reopen", "refunded", "update", "detail"].map((name) => [name, answer(name)]);
  // The methods that telling an order may call.
  const orderRpc = Object.fromEntries(methods) as unknown as OrderClient;
  return { orderRpc, log: silentLogger };
}

const error = (code: Code, reason: string = code): AppError => new AppError(code, reason, "no");
const cancelled = error("ABORTED", "ORDER_CANCELLED");
const unimplemented = error("UNIMPLEMENTED");
const mismatch = error("FAILED_PRECONDITION", "ORDER_AMOUNT_MISMATCH");
const busy = error("ABORTED", "ORDER_STATE_CONFLICT");

test("an order is paid, brought back, gone for good, costs something else, or nobody knows", async () => {
  const cases = [
    [{}, "paid"],
    [{ paid: cancelled }, "paid"],
    [{ paid: error("NOT_FOUND", "ORDER_NOT_FOUND") }, "gone"],
    [{ paid: error("ABORTED", "ORDER_REFUNDED") }, "gone"],
    [{ paid: cancelled, reopen: error("ABORTED", "STOCK_INSUFFICIENT") }, "gone"],
    [{ paid: cancelled, reopen: error("FAILED_PRECONDITION", "PRODUCT_OFF_SHELF") }, "gone"],
    [{ paid: cancelled, reopen: error("NOT_FOUND", "PRODUCT_NOT_FOUND") }, "gone"],
    [{ paid: mismatch }, "mismatch"],
    [{ paid: cancelled, reopen: mismatch }, "mismatch"],
  ] as const;
  for (const [errors, told] of cases) assert.equal(await tellOrderPaid(orders(errors), call, ORDER), told);
});

test("an order of a Go peer that is gone, or that it cannot bring back, is gone for good", async () => {
  assert.equal(await tellOrderPaid(orders({ paid: error("NOT_FOUND") }), call, ORDER), "gone");
  assert.equal(await tellOrderPaid(orders({ paid: cancelled, reopen: unimplemented }), call, ORDER), "gone");
  await tellOrderRefunded(orders({ refunded: unimplemented }), call, 1);
});

test("no money goes back for an error that may be the network's or the machine's", async () => {
  for (const unclear of [
    error("UNAVAILABLE"),
    error("DEADLINE_EXCEEDED"),
    error("INTERNAL"),
    error("FAILED_PRECONDITION", "DATABASE_UNUSABLE"),
    unimplemented,
    busy,
    new TypeError("a bug"),
  ]) {
    await assert.rejects(tellOrderPaid(orders({ paid: unclear as AppError }), call, ORDER), unclear);
  }
  const reopen = error("UNAVAILABLE");
  await assert.rejects(tellOrderPaid(orders({ paid: cancelled, reopen }), call, ORDER), reopen);
});

test("an order that cannot be cancelled any more stays as it is; one that is busy is asked again", async () => {
  await cancelOrder(orders({}), call, 1);
  await cancelOrder(orders({ update: error("NOT_FOUND", "ORDER_NOT_FOUND") }), call, 1);
  await cancelOrder(orders({ update: busy }, 1), call, 1);
  await assert.rejects(cancelOrder(orders({ update: busy }, 0), call, 1), busy);
  const away = error("UNAVAILABLE");
  await assert.rejects(cancelOrder(orders({ update: away }), call, 1), away);
});

test("an order that is gone has no money to hear of", async () => {
  await tellOrderRefunded(orders({ refunded: error("NOT_FOUND", "ORDER_NOT_FOUND") }), call, 1);
  await assert.rejects(tellOrderRefunded(orders({ refunded: busy }), call, 1), busy);
});
