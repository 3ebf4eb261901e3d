import assert from "node:assert/strict";
import { it } from "node:test";
import { sqlRefusal } from "./sql-refusal.ts";

function seen(number: number, text: string) {
  const error = sqlRefusal(number, text, new Error(text));
  return error && [error.code, error.field, error.message];
}

it("a value that a server refuses is its sender's fault, by the field, in the words of every server", () => {
  const told = (field: string, rule: string) => ["INVALID_ARGUMENT", field, `field "${field}" ${rule}`];
  const cannotStore = "has characters that the database cannot store";
  for (const [number, text, expected] of [
    [
      1366,
      "Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column `mall`.`user`.`name` at row 1",
      told("name", cannotStore),
    ],
    [
      1366,
      "Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column 'name' at row 1",
      told("name", cannotStore),
    ],
    [1406, "Data too long for column 'held_reason' at row 3", told("heldReason", "is too long")],
    [1264, "Out of range value for column 'stock' at row 1", told("stock", "is out of range")],
    [1048, "Column 'mobile' cannot be null", told("mobile", "must not be null")],
    [
      1292,
      "Incorrect datetime value: 'x' for column `m`.`order`.`create_time` at row 1",
      told("createTime", "is not a value of its column"),
    ],
    [
      4025,
      "CONSTRAINT `product.amount` failed for `mall`.`product`",
      told("amount", "is refused by a rule of the database"),
    ],
    [
      1452,
      "a foreign key constraint fails (`m`.`pay`, CONSTRAINT `f` FOREIGN KEY (`uid`) REFERENCES `user` (`id`))",
      told("uid", "names a row that does not exist"),
    ],
  ] as const) {
    assert.deepEqual(seen(number, text), expected, text);
  }
});

it("a server that names no column, or a text that is part of the value, leaks nothing", () => {
  assert.deepEqual(seen(3819, "Check constraint 'cheap' is violated."), [
    "INVALID_ARGUMENT",
    undefined,
    "a value is refused by a rule of the database",
  ]);
  const planted = "Incorrect string value: 'for column 'password'' for column 'name' at row 1";
  assert.equal(seen(1366, planted)?.[1], "name");
  assert.equal(seen(1406, "Data too long for column 'a b; c' at row 1")?.[1], undefined);
});

it("what is not about a value is not told as one", () => {
  for (const number of [1040, 1054, 1062, 1064, 1146, 1205, 1213, 1364]) {
    assert.equal(seen(number, "Unknown column 'x' in 'field list'"), undefined, String(number));
  }
});
