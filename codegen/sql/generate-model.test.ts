import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { wideMigrations } from "../testdata/sql/wide/gen/migrations.ts";
import { orderTable } from "../testdata/sql/wide/gen/order-model.ts";
import { generateModel } from "./index.ts";
import { parseMigrations } from "./parse-migrations.ts";
import { parseSql } from "./parse-sql.ts";
import { sqliteStatements } from "./sqlite.ts";

// The expected files lie in testdata, where the type checker reads them too; after a wanted change:
//   mallctl model mysql ddl -src codegen/testdata/sql/wide/wide.sql -dir codegen/testdata/sql/wide -c
const wide = join(import.meta.dirname, "../testdata/sql/wide");
const read = (path: string): Promise<string> => readFile(join(wide, path), "utf8");
const migrations = await Promise.all(
  ["0001-first", "0002-more"].map(async (name) => ({ name, source: await read(`migrations/${name}.sql`) })),
);
const source = await read("wide.sql");
const layer = generateModel({ source, fileName: "wide.sql", name: "wide", migrations, cache: true });

test("a model gives one file for each table and one for the history", () => {
  assert.deepEqual(
    [...layer.generated, ...layer.scaffolds].map((file) => file.path),
    [
      "gen/order-model.ts",
      "gen/order-line-model.ts",
      "gen/migrations.ts",
      "order-model.ts",
      "order-line-model.ts",
    ],
  );
});

for (const file of [...layer.generated, ...layer.scaffolds]) {
  test(`every feature a table may use comes out as expected in ${file.path}`, async () => {
    assert.equal(file.content, await read(file.path));
  });
}

test("a contract without a history starts one with its own tables", () => {
  const alone = generateModel({ source, fileName: "wide.sql", name: "wide", migrations: [], cache: true });
  const [first] = alone.scaffolds;
  assert.equal(first?.path, "migrations/0001-create.sql");
  const again = generateModel({
    source,
    fileName: "wide.sql",
    name: "wide",
    migrations: [{ name: "0001-create", source: first?.content ?? "" }],
    cache: true,
  });
  assert.deepEqual(again.generated, alone.generated);
  assert.equal(
    again.scaffolds.some((file) => file.path.startsWith("migrations/")),
    false,
  );
});

/** A SQLite database after a history. */
function migrated(statements: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const statement of statements) database.exec(statement);
  return database;
}

function wideDatabase(): DatabaseSync {
  return migrated(wideMigrations.migrations.flatMap((migration) => migration.sqlite));
}

test("SQLite has the contract's columns, defaults and keys after the history", () => {
  const database = wideDatabase();
  const columns = database.prepare("SELECT name FROM pragma_table_info('order') ORDER BY name").all();
  assert.deepEqual(
    columns.map((column) => column.name),
    orderTable.columns.map((column) => column.name).sort(),
  );
  const keys = database
    .prepare("SELECT name, \"unique\" AS only FROM pragma_index_list('order') ORDER BY name")
    .all();
  assert.deepEqual(
    keys.map((key) => `${key.name} ${key.only}`),
    ["order_big_desc_unique 1", "order_idx_note 0", "order_model_unique 1"],
  );
  database.exec(`INSERT INTO "order" (big, paid_time) VALUES (1, '')`);
  const row = database.prepare(`SELECT * FROM "order"`).get();
  assert.deepEqual(
    { ...row },
    {
      order_id: 1,
      tiny: -128,
      tiny_unsigned: 255,
      small: -32768,
      medium: 16777215,
      int_signed: null,
      big: 1,
      desc: `it's "x" \\ y`,
      code: "",
      note: null,
      model: 0,
      expire_time: null,
      paid_time: "",
      create_time: null,
      update_time: null,
    },
  );
});

test("SQLite has only those rows in a key that its comment names", () => {
  const key = "KEY a (uid) COMMENT 'sqlite: only where state = 0'";
  const [change] = parseSql(`ALTER TABLE pay ADD ${key}`, "pay.sql").flatMap(({ changes }) => changes);
  assert.ok(change);
  assert.deepEqual(sqliteStatements(change, "pay.sql"), [
    'CREATE INDEX IF NOT EXISTS "pay_a" ON "pay" ("uid") WHERE "state" = 0',
  ]);
});

test("a key that is not unique may be called what is no name in TypeScript", () => {
  for (const [sql, said] of [
    [
      "ADD KEY `uid, state` (uid, state)",
      'CREATE INDEX IF NOT EXISTS "pay_uid, state" ON "pay" ("uid", "state")',
    ],
    ["DROP KEY `uid, state`", 'DROP INDEX IF EXISTS "pay_uid, state"'],
  ] as const) {
    const [change] = parseSql(`ALTER TABLE pay ${sql}`, "pay.sql").flatMap(({ changes }) => changes);
    assert.ok(change);
    assert.deepEqual(sqliteStatements(change, "pay.sql"), [said]);
  }
});

test("SQLite refuses in a column what MySQL refuses: other types, values out of bounds, NULL, duplicates", () => {
  const database = wideDatabase();
  const insert = (column: string, value: string): void => {
    const columns = column === "big" ? "big" : `big, "${column}"`;
    const values = column === "big" ? value : `7, ${value}`;
    database.exec(`INSERT INTO "order" (paid_time, ${columns}) VALUES ('', ${values})`);
  };
  for (const { name, type, min = 0, max = 0, managed } of orderTable.columns) {
    if (type !== "integer" || managed !== undefined) continue;
    assert.throws(() => insert(name, String(min - 1)), /CHECK constraint/, name);
    assert.throws(() => insert(name, String(max + 1)), /CHECK constraint/, name);
    assert.throws(() => insert(name, "'x'"), /cannot store TEXT value in INTEGER column/, name);
  }
  assert.throws(() => insert("big", "NULL"), /NOT NULL constraint/);
  insert("model", "5");
  assert.throws(() => insert("model", "5"), /UNIQUE constraint failed: order.model/);
  assert.throws(() => insert("model", "6"), /UNIQUE constraint failed: order.big, order.desc/);
});

test("a deleted row's id is never given again, as in MySQL", () => {
  const database = wideDatabase();
  database.exec(
    "INSERT INTO order_line DEFAULT VALUES; DELETE FROM order_line; INSERT INTO order_line DEFAULT VALUES",
  );
  assert.equal(database.prepare("SELECT id FROM order_line").get()?.id, 2);
});

// Words of SQL too, which only quotes make names.
const name = fc.oneof(
  fc.constantFrom("select", "order", "desc", "group"),
  fc.stringMatching(/^c[a-z0-9_]{0,8}$/),
);
const type = fc.constantFrom("tinyint", "int unsigned", "bigint", "varchar(9)", "text", "datetime(3)");
const columns = fc.uniqueArray(fc.tuple(name, type, fc.boolean()), {
  selector: ([text]) => text.replaceAll("_", ""),
  minLength: 1,
  maxLength: 6,
});

test("whatever a table's names and types, SQLite takes its translation and has its columns", () => {
  fc.assert(
    fc.property(columns, fc.boolean(), (entries, unique) => {
      const lines = entries.map(
        ([text, sqlType, nullable]) => `\`${text}\` ${sqlType} ${nullable ? "NULL" : "NOT NULL"}`,
      );
      const key = entries.slice(0, 2).map(([text]) => `\`${text}\``);
      const body = [
        "`key_id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY",
        ...lines,
        `${unique ? "UNIQUE " : ""}KEY \`group\` (${key.join(", ")})`,
      ];
      const text = `CREATE TABLE IF NOT EXISTS \`table\` (${body.join(", ")})`;
      const [migration] = parseMigrations([{ name: "0001-seed", source: text }]);
      const changes = migration?.statements.flatMap((statement) => statement.changes) ?? [];
      const database = migrated(changes.flatMap((change) => sqliteStatements(change, "0001-seed.sql")));
      const found = database.prepare("SELECT name FROM pragma_table_info('table')").all();
      database.close();
      assert.deepEqual(
        found.map((column) => column.name),
        ["key_id", ...entries.map(([text]) => text)],
      );
    }),
    { numRuns: 50 },
  );
});

const ONE = "CREATE TABLE pay (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY)";
const OTHER =
  "CREATE TABLE pay_notify (\n  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  body mediumblob NOT NULL\n)";

test("a service's tables may stand in several files, each named in what is made of it", () => {
  const others = [{ source: OTHER, fileName: "pay-notify.sql" }];
  const options = { source: ONE, fileName: "pay.sql", name: "pay", others, migrations: [], cache: true };
  const { generated, scaffolds } = generateModel(options);
  const heads = generated.map(({ path, content }) => [path, /from (\S+)\. DO NOT/.exec(content)?.[1]]);
  assert.deepEqual(heads, [
    ["gen/pay-model.ts", "pay.sql"],
    ["gen/pay-notify-model.ts", "pay-notify.sql"],
    ["gen/migrations.ts", "migrations/*.sql"],
  ]);
  const source = scaffolds[0]?.content ?? "";
  const again = { ...options, migrations: [{ name: "0001-create", source }] };
  assert.deepEqual(generateModel(again).generated, generated);
  const lacking = { ...options, migrations: [{ name: "0001-create", source: source.split(";")[0] ?? "" }] };
  assert.throws(() => generateModel(lacking), /pay-notify\.sql.*the migrations do not create `pay_notify`/s);
});

test("a table with bytes has a limit for them and is not cached", () => {
  const options = { source: OTHER, fileName: "pay.sql", name: "pay", migrations: [], cache: true };
  const model = generateModel(options).generated[0]?.content ?? "";
  assert.match(model, /body: Uint8Array;/);
  assert.match(model, /name: "body", property: "body", type: "bytes", lengthMax: 16777215/);
  assert.doesNotMatch(model, /cache/);
});
