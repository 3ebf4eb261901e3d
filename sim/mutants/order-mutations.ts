import type { Mutation } from "./mutation.ts";

/** Mistakes about orders and their pieces. */
export const ORDER_MUTATIONS: readonly Mutation[] = [
  {
    name: "missing-pieces-taken-for-had",
    harm: "orders are made of products that had no piece left, or were off the shelf",
    edits: [
      {
        file: "services/product/model/product-model.ts",
        find: 'return model.decrease(id, { property: "stock", amount: num }, { expect, ...(tx && { tx }) });',
        replace:
          'return model.decrease(id, { property: "stock", amount: num }, { expect, ...(tx && { tx }) }).then(() => true);',
      },
    ],
  },
  {
    name: "order-moved-without-compare-and-set",
    harm: "an order is paid and cancelled at once, and its piece sold again",
    edits: [
      {
        file: "services/order/model/order-model.ts",
        find: "return model.update(order.id, { ...changes, status }, { expect, ...(tx && { tx }) });",
        replace: "return model.update(order.id, { ...changes, status }, { ...(expect && tx && { tx }) });",
      },
    ],
  },
  {
    name: "release-enqueued-outside-of-the-transaction",
    harm: "a crash after the order was cancelled loses its piece",
    edits: [
      {
        file: "services/order/release/release.ts",
        find: "return returnPieces(jobs, tx, order, releaseBranch(order, runtime.now()));",
        replace: `tx.afterEnd(async (end) => {
    if (end !== "committed") return;
    await database.transaction(async (own) => { await returnPieces(jobs, own, order, releaseBranch(order, runtime.now())); });
  });
  return NOTHING_FOLLOWS;`,
      },
      {
        file: "services/order/release/release.ts",
        find: "{ orderModel, jobs, runtime }: ServiceContext,",
        replace: "{ orderModel, jobs, runtime, database }: ServiceContext,",
      },
    ],
  },
  {
    name: "piece-given-back-without-barrier",
    harm: "a repeated request gives a piece back twice",
    edits: [
      {
        file: "services/product/rpc/logic/decr-stock-revert.ts",
        find: "barrier.run(tx, branch, () => giveBack(context, request, tx))",
        replace: "barrier === undefined ? Promise.resolve() : giveBack(context, request, tx)",
      },
    ],
  },
  {
    name: "piece-taken-without-barrier",
    harm: "a repeated request takes two pieces for one order",
    edits: [
      {
        file: "services/product/rpc/stock-taker.ts",
        find: "barrier.run(tx, wanted.branch, async () => {\n        if (isScarce)",
        replace:
          "(async (_: unknown, work: () => Promise<void>) => work())(barrier, async () => {\n        if (isScarce)",
      },
    ],
  },
  {
    name: "barrier-forgets-empty-compensation",
    harm: "what was never taken is given back",
    edits: [
      {
        file: "kit/saga/barrier.ts",
        find: "if (nothingDone || !first) return false;",
        replace: "if (!first) return false;",
      },
    ],
  },
  {
    name: "barrier-forgets-repetition",
    harm: "what was done is done again",
    edits: [
      {
        file: "kit/saga/barrier.ts",
        find: "if (nothingDone || !first) return false;",
        replace: "if (nothingDone) return false;",
      },
    ],
  },
  {
    name: "refused-step-not-taken-back",
    harm: "an attempt at the refused step that is still under way takes a piece for no order",
    edits: [
      {
        file: "kit/saga/embedded-driver.ts",
        find: "return store.turnBack(saga, mayTakeEffect ? 1 : 0, refusal);",
        replace: "return store.turnBack(saga, 0, refusal);",
      },
    ],
  },
  {
    name: "unknown-taken-for-done",
    harm: "an order stands without its piece",
    edits: [
      {
        file: "kit/saga/embedded-driver.ts",
        find: "    if (error instanceof AppError && isRefusal(error)) return error;\n    throw error;",
        replace:
          "    if (error instanceof AppError && isRefusal(error)) return error;\n    return undefined;",
      },
    ],
  },
  {
    name: "another-row-compensated",
    harm: "the piece of one order goes back to the product of another",
    edits: [
      {
        file: "services/order/release/release.ts",
        find: "const payload: Release = { pid, num, branch };",
        replace: "const payload: Release = { pid: Math.max(1, pid - 1), num, branch };",
      },
    ],
  },
  {
    name: "releases-share-one-branch",
    harm: "only the first order that is cancelled gives its piece back",
    edits: [
      {
        file: "services/order/release/release.ts",
        find: "{name}-release-",
        replace: "{name.length}-release-",
      },
    ],
  },
  {
    name: "release-repeated-as-another",
    harm: "an order that is cancelled gives its piece back twice",
    edits: [
      {
        file: "services/order/release/release.ts",
        find: "await callBranch(call, branch,",
        replace: "await callBranch(call, { ...branch, branchId: String(call.deadline) },",
      },
    ],
  },
  {
    name: "late-money-without-a-piece",
    harm: "a cancelled order is brought back without its piece",
    edits: [
      {
        file: "services/order/reopen/reopen.ts",
        find: "=> takePieces(stock, cancelled),",
        replace: "=> ({ ...takePieces(stock, cancelled), action: { call: async () => {} } }),",
      },
    ],
  },
  {
    name: "reopen-keeps-its-number",
    harm: "an order that was brought back and cancelled again does not give its piece back a second time",
    edits: [
      {
        file: "services/order/reopen/reopen.ts",
        find: "const changes = { reservation: payload.reservation + 1 };",
        replace: "const changes = { reservation: payload.reservation };",
      },
    ],
  },
  {
    name: "key-not-begun-with-its-saga",
    harm: "a request with a key that is sent again makes a second order",
    edits: [
      {
        file: "services/order/create/create-saga.ts",
        find: "start: (tx) => begin(tx, gid),",
        replace: "start: async () => {},",
      },
    ],
  },
];
