import type { Mutation } from "./mutation.ts";

/** Mistakes about transactions that many share on MySQL. */
export const SHARING_MUTATIONS: readonly Mutation[] = [
  {
    name: "told-before-the-group-commits",
    harm: "a crash takes back what somebody was told is done",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/group.ts",
        find: '    await connection.write({ sql: "COMMIT", parameters: [] });\n  } catch',
        replace: '    connection.write({ sql: "COMMIT", parameters: [] }).catch(() => {});\n  } catch',
      },
    ],
  },
  {
    name: "half-of-a-member-committed-with-the-group",
    harm: "what a member had written before it failed is committed with the others' work",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/group.ts",
        find: 'worked === undefined || (wrote && (isEvicted || "error" in worked));',
        replace: "worked === undefined || (wrote && isEvicted);",
      },
    ],
  },
  {
    name: "group-told-done-though-nobody-knows",
    harm: "a commit whose connection broke is told as done",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/group.ts",
        find: 'return { seats, end: "unknown", failure };',
        replace: 'return { seats, end: "committed" };',
      },
    ],
  },
  {
    name: "group-refused-at-its-commit-told-done",
    harm: "what the server has rolled back at the commit is told as done",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/group.ts",
        find: "if (failure instanceof DatabaseBusyError) {",
        replace: 'if (failure instanceof DatabaseBusyError) return { seats, end: "committed" };\n    else {',
      },
    ],
  },
  {
    name: "outage-of-a-group-told-to-nobody",
    harm: "who had done its work before the others lost the connection is told that it is done",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/shared-transactions.ts",
        find: 'if (failure !== undefined && end === "rolledBack") return { error: failure };',
        replace:
          'if (failure !== undefined && seat?.worked !== undefined && "value" in seat.worked) return seat.worked;',
      },
    ],
  },
  {
    name: "group-taken-back-told-done",
    harm: "members of a group that was taken back are told what their works came to in it",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/shared-transactions.ts",
        find: "if (trouble === undefined) return endedAs(members, group);",
        replace: "if (trouble?.culprits.size !== 0) return endedAs(members, group);",
      },
    ],
  },
  {
    name: "one-row-of-a-group-not-as-it-was-read",
    harm: "a member goes on though the row it changes is not as it was read",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/run-calls.ts",
        find: "if (all.length > 1 && changes !== all.length)",
        replace: "if (all.length > 1 && changes === 0)",
      },
    ],
  },
  {
    name: "ids-of-a-group-in-another-order",
    harm: "members take each other's new rows for their own",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/run-calls.ts",
        find: "const id = ids[index];",
        replace: "const id = ids[calls.length - 1 - index];",
      },
    ],
  },
  {
    name: "values-of-the-first-for-all-of-a-group",
    harm: "every row of a merged change is given what the first one becomes",
    shape: "production",
    edits: [
      {
        file: "kit/store/table-sql.ts",
        find: "if (all.every(({ changes }) => changes[index]?.value === value)) {",
        replace: "if (all.some(({ changes }) => changes[index]?.value === value)) {",
      },
    ],
  },
  {
    name: "evicted-member-not-served-again",
    harm: "who wanted a row that another one in the transaction had is told so, instead of being served after that",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/shared-transactions.ts",
        find: 'if (seat?.isEvicted === true) return "evicted";',
        replace: 'if (seat === undefined) return "evicted";',
      },
    ],
  },
  {
    name: "less-taken-for-all-than-for-each",
    harm: "several who take pieces of one product take what one of them takes",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/run-calls.ts",
        find: "calls.reduce((sum, { decrease }) => sum + decrease.amount, 0)",
        replace: "last.decrease.amount",
      },
    ],
  },
  {
    name: "not-enough-taken-for-enough",
    harm: "orders are made of products that had no piece left",
    shape: "production",
    edits: [
      {
        file: "kit/store/shared/run-calls.ts",
        find: "if (changes === byRow.size) {",
        replace: "if (changes === byRow.size || allowed.length > 1) {",
      },
    ],
  },
  {
    name: "each-of-a-group-expected-as-any",
    harm: "of several orders that are paid together each may cost what it will",
    shape: "production",
    edits: [
      {
        file: "kit/store/table-sql.ts",
        find: "if (own.filter(Boolean).length > 1) {",
        replace: "if (own.length === 0) {",
      },
    ],
  },
  {
    name: "stock-taken-of-fewer-products-than-ordered",
    harm: "orders are made of products that had no piece left",
    shape: "production",
    edits: [
      {
        file: "services/product/rpc/stock-taker.ts",
        find: "if ((await productModel.takeStockOfEach(ids, num, tx)) < ids.length) throw stockInsufficient();",
        replace: "if ((await productModel.takeStockOfEach(ids, num, tx)) === 0) throw stockInsufficient();",
      },
    ],
  },
];
