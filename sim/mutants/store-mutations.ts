import type { Mutation } from "./mutation.ts";

/** Mistakes about transactions that share a commit. */
export const STORE_MUTATIONS: readonly Mutation[] = [
  {
    name: "told-before-the-shared-commit",
    harm: "a crash takes back what somebody was told is done",
    edits: [
      {
        file: "kit/store/sqlite/commit-queue.ts",
        find: "if (working !== undefined) await working;",
        replace: "if (working !== undefined) await working;\n      next.end(undefined);",
      },
    ],
  },
  {
    name: "failed-work-committed-with-the-rest",
    harm: "half of a transaction that failed is committed with its neighbours",
    edits: [
      {
        file: "kit/store/sqlite/writer.ts",
        find: "if (!endedAll) this.#takeBack();",
        replace: "if (endedAll) this.#takeBack();",
      },
    ],
  },
  {
    name: "success-told-though-the-shared-commit-failed",
    harm: "a full disk takes back what somebody was told is done",
    edits: [
      {
        file: "kit/store/sqlite/commit-queue.ts",
        find: "for (const member of group) member.end(failure);",
        replace: "for (const member of group) member.end(failure && undefined);",
      },
    ],
  },
];
