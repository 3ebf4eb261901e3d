import type { Mutation } from "./mutation.ts";

/** Mistakes about transactions and connections that only a mall on MySQL can make. */
export const MYSQL_MUTATIONS: readonly Mutation[] = [
  {
    name: "deadlock-at-commit-taken-for-done",
    harm: "what the server rolled back at COMMIT was told to somebody as done",
    shape: "production",
    edits: [
      {
        file: "kit/store/mysql/transaction.ts",
        find: 'await this.#connection.write({ sql: "COMMIT", parameters: [] });',
        replace: `await this.#connection.write({ sql: "COMMIT", parameters: [] }).catch((error) => {
      if (!(error instanceof DatabaseBusyError)) throw error;
    });`,
      },
    ],
  },
  {
    name: "unknown-commit-taken-for-done",
    harm: "a connection lost at COMMIT leaves told what never was",
    shape: "production",
    edits: [
      {
        file: "kit/store/mysql/transaction.ts",
        find: 'await this.#connection.write({ sql: "COMMIT", parameters: [] });',
        replace: `await this.#connection.write({ sql: "COMMIT", parameters: [] }).catch((error) => {
      if (error instanceof DatabaseBusyError) throw error;
    });`,
      },
    ],
  },
  {
    name: "work-goes-on-after-a-deadlock",
    harm: "what follows a deadlock is committed statement by statement, without what went before it",
    shape: "production",
    edits: [
      {
        file: "kit/store/mysql/transaction.ts",
        find: "if (error instanceof DatabaseBusyError) this.#lost = error;\n      throw error;",
        replace: "if (error instanceof DatabaseBusyError) return work();\n      throw error;",
      },
    ],
  },
  {
    name: "row-read-without-its-lock",
    harm: "two that decide about one row at once both decide on what it was",
    shape: "production",
    edits: [
      {
        file: "kit/store/table-sql.ts",
        find: 'locks && this.#dialect === "mysql" ? " FOR UPDATE" : ""',
        replace: '""',
      },
    ],
  },
  {
    name: "broken-connection-used-again",
    harm: "a transaction that could not be rolled back is committed by whoever gets its connection next",
    shape: "production",
    edits: [
      {
        file: "kit/store/mysql/transaction.ts",
        find: 'await this.#connection.write({ sql: "ROLLBACK", parameters: [] });\n      this.#connection.release();',
        replace: "this.#connection.release();",
      },
    ],
  },
];
