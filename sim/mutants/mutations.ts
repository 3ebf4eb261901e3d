import type { Mutation } from "./mutation.ts";

/** The environment variable that names the mutation of a process. */
export const MUTATION_VARIABLE = "MALL_SIM_MUTATION";

/** Mistakes, each of which breaks a promise of the mall. */
export const MUTATIONS: readonly Mutation[] = [
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
    name: "stock-without-limit",
    harm: "more pieces are sold than there are",
    edits: [
      {
        file: "services/product/model/product-model.ts",
        find: '.where("stock", ">=", num)',
        replace: "",
      },
    ],
  },
];
