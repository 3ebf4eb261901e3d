import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { verifyBooks } from "@mall/pay/model/books";
import { payMigrations } from "@mall/pay/model/migrations";
import type { Command } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { booksLines, differenceLines } from "../operator/ledger-text.ts";
import { print } from "../operator/print.ts";

const EXAMPLES = `
Every success, fee and refund is a balanced double entry, written in the transaction that decides it. This
compares each entry with its attempt or refund, each payment's amounts and state with both, and the accounts
with the sums; all as of one moment, while the mall runs. Exit code 0: the same, 1: differences, each with
what to do, 3: it could not be compared. docs/payments.md tells of the accounts.

Examples:
  mall ledger verify
  mall ledger verify --data /var/lib/mall
  mall ledger verify -f services/pay/rpc/etc/pay.yaml`;

/** `mall ledger`: whether the books are right. */
export function addLedgerCommand(program: Command): void {
  const command = program
    .command("ledger")
    .description("prove that the books are the payments")
    .addHelpText("after", EXAMPLES);
  const verify = command
    .command("verify")
    .description("compare every entry with its attempt or refund, and all in total");
  addDataSourceOptions(verify).action(verifyLedger);
}

async function verifyLedger(flags: DataSourceFlags): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    await assertSchemaCurrent(database, payMigrations);
    const books = await verifyBooks(database, (difference) => print(differenceLines(difference)));
    await print(booksLines(books));
    if (books.differences > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}
