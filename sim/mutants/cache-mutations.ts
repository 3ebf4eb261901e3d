import type { Mutation } from "./mutation.ts";

const WAITS_FOR_MARKS = {
  file: "kit/store/cached/table.ts",
  find: "const [changed] = await Promise.all([change(), write.begun]);\n      return changed;",
  replace: "return change();",
};

/** Mistakes about cached rows, which only a mall with caches can notice. */
export const CACHE_MUTATIONS: readonly Mutation[] = [
  {
    name: "job-reads-through-the-cache",
    // What the mall once did, and lost money by.
    harm: "a job overtakes the mark of the write that made it, sees a payment without its success and ends for good",
    shape: "production",
    edits: [
      {
        file: "services/pay/model/pay-model.ts",
        find: "  const model = createPayModelGen(database, cache, CACHED);\n  return {\n    ...model,",
        replace: `  const model = createPayModelGen(database, cache, CACHED);
  const view = createPayView(database, cache);
  return {
    ...model,
    findOne: (id, tx) => (tx === undefined ? view.findOne(id) : model.findOne(id, tx)),`,
      },
      {
        file: "services/pay/orders/order-paid.ts",
        find: "    throw notDecidedYet();",
        replace: "    return;",
      },
      WAITS_FOR_MARKS,
    ],
  },
  {
    name: "entry-outlives-the-change",
    harm: "people are shown a row as it was before the change that they were told of",
    shape: "production",
    edits: [
      {
        file: "kit/store/cached/table.ts",
        find: "const write = this.#cache.begin(keys);",
        replace: "const write = this.#cache.begin([]);",
      },
    ],
  },
  {
    name: "rows-changed-together-keep-their-entries",
    harm: "people are shown a row as it was before a change of many",
    shape: "production",
    edits: [
      {
        file: "kit/store/cached/table.ts",
        find: "const own = [...ids.flatMap((id) => this.#ownKey(id)), ...keys];",
        replace: "const own = [...keys];",
      },
    ],
  },
];
