import type { Mutation } from "./mutation.ts";

/** Mistakes about payments. */
export const PAY_MUTATIONS: readonly Mutation[] = [
  {
    name: "pay-without-unique-order",
    harm: "an order has several payments",
    edits: [
      {
        file: "services/pay/model/gen/migrations.ts",
        find: '"CREATE UNIQUE INDEX IF NOT EXISTS \\"pay_idx_oid_unique\\" ON \\"pay\\" (\\"oid\\")"',
        replace: '"SELECT 1"',
      },
    ],
  },
  {
    name: "order-not-told",
    harm: "a payment is paid and its order is not",
    edits: [
      {
        file: "services/pay/rpc/decisions/take-money.ts",
        find: 'return { outcome: "paid", told: await jobs.orderPaid(tx, pay.id) };',
        replace: 'return { outcome: jobs === undefined ? "known" : "paid" };',
      },
    ],
  },
  {
    name: "money-for-a-lost-order-kept",
    harm: "an order that cannot be had costs all the same",
    edits: [
      {
        file: "services/pay/rpc/jobs/order-paid.ts",
        find: 'if ((await tellOrderPaid(context, call, pay.oid)) === "gone") await giveBackRest(context, payId);',
        replace: "if (giveBackRest !== undefined) await tellOrderPaid(context, call, pay.oid);",
      },
    ],
  },
];
