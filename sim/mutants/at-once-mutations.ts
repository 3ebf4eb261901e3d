import type { Mutation } from "./mutation.ts";

/** Mistakes about what is decided in one transaction where services stand on one database. */
export const AT_ONCE_MUTATIONS: readonly Mutation[] = [
  {
    name: "piece-taken-outside-of-its-order",
    harm: "an order that comes to nothing keeps its piece",
    shape: "production",
    edits: [
      {
        file: "services/product/rpc/take-pieces.ts",
        find: "await takePieces(parts, pieces, tx);",
        replace: "await takePieces(parts, pieces);",
      },
    ],
  },
  {
    name: "refused-piece-taken-for-had",
    harm: "an order stands without the piece that it was refused",
    edits: [
      {
        file: "kit/saga/decide-at-once.ts",
        find: "throw answer !== undefined && isRefusal(answer) ? new StepRefused(answer) : error;",
        replace: "if (answer === undefined || !isRefusal(answer)) throw error;",
      },
    ],
  },
  {
    name: "refusal-of-a-key-not-written-down",
    harm: "a request with a key that was refused never has an answer",
    edits: [
      {
        file: "kit/saga/decide-at-once.ts",
        find: "await definition.fail(tx, saga, refusal);",
        replace: "if (refusal === undefined) await definition.fail(tx, saga, refusal);",
      },
    ],
  },
  {
    name: "order-paid-whatever-it-costs",
    harm: "an order that has become dearer is had for what it cost before",
    shape: "production",
    edits: [
      {
        file: "services/order/rpc/order-participant.ts",
        find: "const isPaid = await orderModel.pay(id, amount, tx);",
        replace: "const isPaid = await orderModel.pay(id, amount && undefined, tx);",
      },
    ],
  },
  {
    name: "order-paid-whatever-became-of-it",
    harm: "an order that was given up is paid, and its piece sold twice",
    edits: [
      {
        file: "services/order/model/order-model.ts",
        find: "return model.update(id, { status: ORDER_STATUS.paid }, { expect, tx });",
        replace:
          "return model.update(id, { status: ORDER_STATUS.paid }, { expect: { ...expect, status: undefined as never }, tx });",
      },
    ],
  },
  {
    name: "order-paid-outside-of-its-payment",
    harm: "an order is paid whose payment's transaction was taken back",
    shape: "production",
    edits: [
      {
        file: "services/order/rpc/order-participant.ts",
        find: "const isPaid = await orderModel.pay(id, amount, tx);",
        replace: "const isPaid = await orderModel.pay(id, amount, undefined as never);",
      },
    ],
  },
  {
    name: "order-elsewhere-taken-for-paid",
    harm: "an order in another process never hears that it is paid",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "(await orders?.pay(tx, { id: oid, amount })) === true;",
        replace: "(await orders?.pay(tx, { id: oid, amount })) !== false;",
      },
    ],
  },
  {
    name: "order-that-is-not-as-paid-taken-for-paid",
    harm: "money for an order that was given up, or costs something else, is kept",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "(await orders?.pay(tx, { id: oid, amount })) === true;",
        replace: "(await orders?.pay(tx, { id: oid, amount })) !== undefined;",
      },
    ],
  },
];
