import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase, type SqlValue } from "@mall/kit/store";
import { BENCH_AMOUNT } from "../fill.ts";
import { say } from "./say.ts";
import { withoutIndexes } from "./secondary-indexes.ts";
import type { Shop } from "./shop.ts";

/** Rows that one statement writes, and a transaction keeps. */
const CHUNK = 20_000;
/** Numbers that are written at a time, each a parameter. */
const NUMBERS_AT_ONCE = 1000;
const DAY_MS = 86_400_000;
/** The purchases of the past are spread over so many days. */
const DAYS = 365;
const CURRENCY = "CNY";

/** What was bought before the mall is measured. */
interface Past {
  readonly purchases: number;
  /** People and goods that it is spread over; the people are written as well where `openShop` did not. */
  readonly shop: Shop;
  readonly people: number;
  /** Whether attempts and entries in the books are written too, which are half of all bytes. */
  readonly hasBooks: boolean;
  /** When the last of them was; a day ago by default. */
  readonly until?: Date;
}

/** How a fill went. */
export interface Filling {
  readonly seconds: number;
  /** Of the whole database afterwards. */
  readonly bytes: number;
}

/** Columns that a statement fills from `n.i`, the number of the row in its chunk, and what each is. */
interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * Fills an empty shop with purchases that are paid and over: each an order, its payment, the attempt by which a gateway's
 * word came, and the entry in the books.
 */
export async function fillPast(dataSource: string, past: Past): Promise<Filling> {
  const database = await openDatabase({ dataSource: withoutLimit(dataSource), runtime: systemRuntime });
  const startedAt = performance.now();
  try {
    await makeNumbers(database);
    await fillPeople(database, past);
    const until = past.until ?? new Date(Date.now() - DAY_MS);
    const tables = past.purchases === 0 ? [] : tablesOf(database, past);
    for (const name of new Set(tables.map((table) => table.name))) {
      const parts = tables.filter((table) => table.name === name);
      await withoutIndexes(database, name, () => fillTable(database, parts, { last: past.purchases, until }));
    }
    await database.write({ sql: "DROP TABLE bench_number", parameters: [] });
    return { seconds: (performance.now() - startedAt) / 1000, bytes: await sizeOf(database) };
  } finally {
    await database.close();
  }
}

/** An index over many millions of rows takes longer than any statement of a mall may. */
function withoutLimit(dataSource: string): string {
  if (dataSource.startsWith("sqlite:")) return dataSource;
  return `${dataSource}${dataSource.includes("?") ? "&" : "?"}readTimeout=0`;
}

async function makeNumbers(database: Database): Promise<void> {
  await database.write({ sql: "CREATE TABLE bench_number (i INTEGER NOT NULL PRIMARY KEY)", parameters: [] });
  for (let first = 0; first < CHUNK; first += NUMBERS_AT_ONCE) {
    const numbers = Array.from({ length: NUMBERS_AT_ONCE }, (_, index) => first + index);
    const values = numbers.map(() => "(?)").join(", ");
    await database.write({ sql: `INSERT INTO bench_number (i) VALUES ${values}`, parameters: numbers });
  }
}

/** Those of whom the shop, which has had its own, knows nothing yet. */
async function fillPeople(database: Database, { shop, people }: Past): Promise<void> {
  if (people <= shop.users) return;
  const columns = { name: "CONCAT('user ', :id)", mobile: "CONCAT('+', :id)", password: "''", gender: "1" };
  const times = { create_time: ":time", update_time: ":time" };
  const user = { name: "user", columns: { id: ":id", ...columns, ...times } };
  const rows = { last: people, after: shop.users, until: new Date() };
  await withoutIndexes(database, "user", () => fillTable(database, [user], rows));
}

/** Id and number of a purchase are one, in each table; the two lines of its entry have the ids up to twice that. */
function tablesOf(database: Database, { shop, people, hasBooks }: Past): Table[] {
  const scatter = database.dialect === "sqlite" ? "LOWER(HEX(RANDOMBLOB(10)))" : "SUBSTR(MD5(:id), 1, 20)";
  const uid = `(:id * 7919) % ${people} + 1`;
  const amount = String(BENCH_AMOUNT);
  const written = { create_time: ":time", update_time: ":time" };
  const currency = `'${CURRENCY}'`;
  const order = { uid, pid: `:id % ${shop.products} + 1`, amount, status: "1", num: "1" };
  const pay = { uid, oid: ":id", amount, source: "1", status: "1", currency, paid_time: ":time" };
  const attempt = {
    ...{ pay_id: ":id", out_trade_no: "CONCAT('callback-', :id)", channel: "'callback'" },
    ...{ amount, currency, received_amount: amount, received_currency: currency },
    ...{ state: "2", source: "1", success_of: ":id" },
  };
  const entry = { txn_key: "CONCAT('receipt:', :id)", currency, pay_id: ":id", create_time: ":time" };
  const debit = { line: "0", account: "'channel:callback'", debit: amount };
  const credit = { line: "1", account: "'sales'", credit: amount };
  // As orders that take their pieces at once are named: by the time, and in no order within it.
  const gid = `CONCAT('whole-', :moment, ${scatter})`;
  const bought = [
    { name: "order", columns: { id: ":id", ...order, ...written, expire_time: ":time", gid } },
    { name: "pay", columns: { id: ":id", ...pay, ...written, expire_time: ":time" } },
  ];
  const books = [
    { name: "pay_attempt", columns: { id: ":id", ...attempt, ...written } },
    { name: "ledger_entry", columns: { id: ":id * 2 - 1", ...entry, ...debit } },
    { name: "ledger_entry", columns: { id: ":id * 2", ...entry, ...credit } },
  ];
  return hasBooks ? [...bought, ...books] : bought;
}

/** Rows of a table from `after + 1` to `last`, which is of the time `until`. */
interface Rows {
  readonly last: number;
  readonly after?: number;
  readonly until: Date;
}

/** Writes rows, chunk by chunk of all parts, as ids grow with the time. */
async function fillTable(
  database: Database,
  parts: readonly Table[],
  { last, after = 0, until }: Rows,
): Promise<void> {
  const msApart = (DAYS * DAY_MS) / last;
  // SQLite writes a number that is none of its integers as `1.0`.
  const whole = (count: number): SqlValue => (database.dialect === "sqlite" ? BigInt(count) : count);
  const statements = parts.map(({ name, columns }) => {
    const names = Object.keys(columns).map((column) => `\`${column}\``);
    return placed(
      database.dialect,
      msApart / 1000,
      `INSERT INTO \`${name}\` (${names.join(", ")}) SELECT ${Object.values(columns).join(", ")} ` +
        "FROM bench_number n WHERE n.i < :count ORDER BY n.i",
    );
  });
  const [{ name } = { name: "" }] = parts;
  const startedAt = performance.now();
  for (let first = after; first < last; first += CHUNK) {
    const begin = new Date(until.getTime() - msApart * (last - first));
    const values: Record<string, SqlValue> = {
      first: whole(first + 1),
      begin: database.times.toText(begin),
      moment: begin.getTime().toString(16).padStart(12, "0"),
      count: last - first,
    };
    for (const { sql, words } of statements)
      await database.write({ sql, parameters: words.map((word) => values[word] ?? null) });
    const done = first + CHUNK;
    if (done % 1_000_000 === 0) sayHowFar(name, done, startedAt);
  }
  say(`${name}: filled, its indexes are next`);
}

function sayHowFar(table: string, done: number, startedAt: number): void {
  const perSecond = (done * 1000) / (performance.now() - startedAt);
  say(`${table}: ${done / 1_000_000} million rows, ${Math.round(perSecond)}/s`);
}

/** The statement with `?` in place of its words, and the words that they stand for. */
function placed(
  dialect: Database["dialect"],
  secondsApart: number,
  text: string,
): { sql: string; words: readonly string[] } {
  const words: string[] = [];
  const seconds = `FLOOR(n.i * ${secondsApart})`;
  const time =
    dialect === "sqlite"
      ? `strftime('%Y-%m-%d %H:%M:%f', :begin, ${seconds} || ' seconds')`
      : `TIMESTAMPADD(SECOND, ${seconds}, :begin)`;
  const sql = text
    .replaceAll(":id", "(n.i + :first)")
    .replaceAll(":time", time)
    .replaceAll(/:(first|begin|moment|count)/g, (_, word: string) => {
      words.push(word);
      return "?";
    });
  return { sql, words };
}

async function sizeOf(database: Database): Promise<number> {
  const sql =
    database.dialect === "sqlite"
      ? "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
      : "SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE()";
  const [row] = await database.read({ sql, parameters: [] });
  return Number(row?.bytes ?? 0);
}
