import type { Mutation } from "./mutation.ts";

const WAITS_FOR_MARKS = {
  file: "kit/store/cached-table.ts",
  find: "const [changed] = await Promise.all([change(), write.begun]);\n      return changed;",
  replace: "return change();",
};

/** Mistakes about cached rows, which only a mall with caches can notice. */
export const CACHE_MUTATIONS: readonly Mutation[] = [
  {
    name: "job-reads-through-the-cache",
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
        file: "services/pay/rpc/jobs/order-paid.ts",
        find: "if (pay === undefined || !mayRefund(pay.status)) throw notDecidedYet();",
        replace: "if (pay === undefined || !mayRefund(pay.status)) return;",
      },
      WAITS_FOR_MARKS,
    ],
  },
  {
    name: "answer-does-not-wait-for-the-cache",
    harm: "who was told of a write asks, and is answered as of before it",
    shape: "production",
    edits: [
      WAITS_FOR_MARKS,
      {
        file: "kit/store/cached-table.ts",
        find: 'tx.afterEnd((end) => write.end(end !== "unknown"));',
        replace: 'tx.afterEnd(async (end) => void write.end(end !== "unknown"));',
      },
    ],
  },
  {
    name: "entries-deleted-before-the-commit",
    harm: "a reader fills in the old row between a delete and its commit",
    shape: "production",
    edits: [
      {
        file: "kit/cache/cache.ts",
        find: "keys.map(async (key) => (isGuarded(key) ? this.#ring.nodeOf(key).mark(key) : undefined)),",
        replace: "keys.map(async (key) => void (await this.#ring.nodeOf(key).delete([key]))),",
      },
      { file: "kit/cache/cache.ts", find: "        await this.delete(keys);\n", replace: "" },
    ],
  },
  {
    name: "row-read-before-its-lease",
    harm: "a row that was read before a write is filled in after it",
    shape: "production",
    edits: [
      {
        file: "kit/cache/cache.ts",
        find: `    const lease = await node.takeLease(key);
    reading();
    const loaded = await source.load();`,
        replace: `    reading();
    const loaded = await source.load();
    const lease = await node.takeLease(key);`,
      },
    ],
  },
  {
    name: "joins-a-read-that-has-begun",
    harm: "an answer is older than its question",
    shape: "production",
    edits: [
      {
        file: "kit/cache/flights.ts",
        find: "known !== undefined && known.readsAt > arrivedAt",
        replace: "known !== undefined && known.readsAt > 0 * arrivedAt",
      },
    ],
  },
  {
    name: "old-data-of-another-run-believed",
    harm: "a Redis that came back with older data brings rows back that were deleted there",
    shape: "production",
    edits: [
      {
        file: "kit/cache/run-check.ts",
        find: "(await this.#client.hexists(noted, run)) === 1) return;",
        replace: "(await this.#client.hexists(noted, run)) < 2) return;",
      },
    ],
  },
  {
    name: "another-redis-not-noticed",
    harm: "a copy that takes over brings rows back that were deleted in the Redis before it",
    shape: "production",
    edits: [
      {
        file: "kit/cache/redis-node.ts",
        find: "        this.#runs.forget();\n",
        replace: "",
      },
    ],
  },
  {
    name: "entries-believed-before-they-are-looked-at",
    harm: "a Redis is asked that came back with older data, before what is old there is gone",
    shape: "production",
    edits: [
      {
        file: "kit/cache/cache.ts",
        find: "const text = node.trusted && isGuarded(key)",
        replace: "const text = isGuarded(key)",
      },
    ],
  },
  {
    name: "failed-deletes-forgotten",
    harm: "what could not be deleted while Redis was away is answered for a week",
    shape: "production",
    edits: [
      {
        file: "kit/cache/late-deletes.ts",
        find: "    for (const key of keys) this.#failed.add(key);\n",
        replace: "    if (keys.length < 0) return;\n",
      },
    ],
  },
];
