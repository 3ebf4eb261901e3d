import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError } from "../emit/index.ts";
import { generateModel } from "./index.ts";

const ID = "id int NOT NULL AUTO_INCREMENT PRIMARY KEY";
const CONTRACT = `CREATE TABLE pay (\n  ${ID},\n  uid int NOT NULL,\n  oid int NOT NULL,\n  UNIQUE KEY idx_oid (oid)\n)`;

/** What the generator says of a history of that contract. */
function errorOf(
  source: string,
  ...migrations: readonly (readonly [name: string, source: string])[]
): string {
  try {
    generateModel({
      source,
      fileName: "pay.sql",
      name: "pay",
      migrations: migrations.map(([name, text]) => ({ name, source: text })),
      cache: false,
    });
  } catch (error) {
    assert.ok(error instanceof ContractError, String(error));
    return error.message;
  }
  return "no error";
}

const create = (body: string): string => `CREATE TABLE IF NOT EXISTS pay (${body})`;
const SAME = create(`${ID}, uid int NOT NULL, oid int NOT NULL, UNIQUE KEY idx_oid (oid)`);

test("a history may reach the contract by any way, comments and display widths aside", () => {
  assert.equal(errorOf(CONTRACT, ["0001-seed", SAME]), "no error");
  const seed = create(`${ID} COMMENT 'x', oid int(11) NOT NULL, KEY old (oid)`);
  const change =
    "ALTER TABLE pay ADD uid int(10) NOT NULL DEFAULT 0 AFTER id, ADD UNIQUE KEY idx_oid (oid), DROP KEY old";
  const contract = CONTRACT.replace("uid int NOT NULL", "uid int NOT NULL DEFAULT 0");
  // The order of the files is that of their names.
  assert.equal(errorOf(contract, ["0002-uid", change], ["0001-seed", seed]), "no error");
});

const HISTORIES: readonly (readonly [string, string])[] = [
  [
    create(`${ID}, uid int NOT NULL, UNIQUE KEY idx_uid (uid)`),
    "pay.sql:4:3: the migrations do not add column `oid` of `pay`; the migrations do not add unique key `idx_oid` (oid) of `pay`; only the migrations have unique key `idx_uid` (uid) of `pay`",
  ],
  [
    create(`${ID}, uid int unsigned NULL DEFAULT 1, oid int NOT NULL, KEY idx_oid (oid)`),
    "pay.sql:3:3: column `uid` of `pay` is int NOT NULL, in the migrations int unsigned NULL DEFAULT 1; the migrations do not add unique key `idx_oid` (oid) of `pay`; only the migrations have key `idx_oid` (oid) of `pay`",
  ],
  [
    create(`${ID}, oid int NOT NULL, uid int NOT NULL, UNIQUE KEY idx_oid (oid)`),
    "pay.sql:3:3: the migrations place column `uid` of `pay` elsewhere",
  ],
  [
    create(`${ID}, uid int NOT NULL, oid int NOT NULL, more int, UNIQUE KEY idx_oid (oid)`),
    "pay.sql:1:1: only the migrations have column `more` of `pay`",
  ],
  [
    `${SAME}; CREATE TABLE IF NOT EXISTS other (${ID})`,
    "pay.sql:1:1: only the migrations have the table `other`",
  ],
  [
    `CREATE TABLE IF NOT EXISTS other (${ID})`,
    "pay.sql:2:3: the migrations do not create `pay`; only the migrations have the table `other`",
  ],
];

for (const [history, expected] of HISTORIES) {
  test(`a history that leads elsewhere is refused: ${expected}`, () => {
    assert.equal(errorOf(CONTRACT, ["0001-seed", history]), expected);
  });
}

const BROKEN: readonly (readonly [string, string])[] = [
  ["ALTER TABLE other ADD KEY a (b)", "1:1: no table `other` before this"],
  ["ALTER TABLE pay DROP KEY a", "1:1: table `pay` has no key `a`"],
  ["ALTER TABLE pay ADD KEY a (b)", "1:1: key `a` has no column `b`"],
  ["ALTER TABLE pay ADD KEY a (uid) COMMENT 'sqlite: only where b = 0'", "1:1: key `a` has no column `b`"],
  ["ALTER TABLE pay ADD KEY IDX_OID (uid)", "1:1: a second key `IDX_OID` in `pay`"],
  ["ALTER TABLE pay ADD UID int", "1:21: a second column `UID` in `pay`"],
  ["ALTER TABLE pay ADD a int AFTER b", "1:21: table `pay` has no column `b`"],
  [
    "ALTER TABLE pay ADD a int NOT NULL",
    "1:21: an added column must be NULL or have a DEFAULT: rows that exist have none",
  ],
  [
    "ALTER TABLE pay ADD a datetime NOT NULL",
    "1:21: an added time column must be NULL: rows that exist have none",
  ],
  [SAME, "1:1: a second table `pay`"],
  [`CREATE TABLE other (${ID})`, "1:1: a migration says CREATE TABLE IF NOT EXISTS"],
  ["-- nothing", "1:1: a migration needs a statement"],
];

for (const [change, expected] of BROKEN) {
  test(`a change that a database would refuse, or only one of them take, is refused: ${change}`, () => {
    const history = [
      ["0001-seed", SAME],
      ["0002-change", change],
    ] as const;
    const contract =
      change.startsWith("ALTER TABLE pay ADD a") && !change.includes("AFTER")
        ? CONTRACT.replace("  UNIQUE", `  ${change.slice("ALTER TABLE pay ADD ".length)},\n  UNIQUE`)
        : CONTRACT;
    assert.equal(errorOf(contract, ...history), `migrations/0002-change.sql:${expected}`);
  });
}

test("migrations count up from 0001 without a gap, so that no two are the same step", () => {
  const at = (name: string): string => errorOf(CONTRACT, [name, SAME]);
  assert.equal(at("0002-seed"), "migrations/0002-seed.sql:1:1: migrations count up from 0001 without a gap");
  assert.equal(
    at("seed"),
    "migrations/seed.sql:1:1: a migration is called NNNN-name.sql, e.g. 0001-seed.sql",
  );
  assert.equal(
    errorOf(CONTRACT, ["0001-a", SAME], ["0001-b", SAME]),
    "migrations/0001-b.sql:1:1: migrations count up from 0001 without a gap",
  );
});

test("a contract holds tables and nothing else", () => {
  assert.equal(errorOf(""), "pay.sql:1:1: expected CREATE TABLE");
  assert.equal(
    errorOf(`${CONTRACT};\nALTER TABLE pay ADD COLUMN note int`),
    "pay.sql:7:28: only CREATE TABLE and its keys are expected here; changes are migrations",
  );
});
