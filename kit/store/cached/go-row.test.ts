import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TableDefinition } from "../table.ts";
import { utcTimeText, zoneTimeText } from "../time-text.ts";
import { GoRowCodec } from "./go-row.ts";

const SHANGHAI = zoneTimeText("Asia/Shanghai");
const BIGINT = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** The mall's user table; `role` is not in the Go original's. */
const userTable = {
  name: "user",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", ...BIGINT, managed: "id" },
    { name: "name", property: "name", type: "text", lengthMax: 255 },
    { name: "gender", property: "gender", type: "integer", min: 0, max: 255 },
    { name: "mobile", property: "mobile", type: "text", lengthMax: 255 },
    { name: "password", property: "password", type: "text", lengthMax: 255 },
    { name: "role", property: "role", type: "integer", min: 0, max: 255 },
    { name: "create_time", property: "createTime", type: "time", nullable: true, managed: "created" },
    { name: "update_time", property: "updateTime", type: "time", nullable: true, managed: "updated" },
  ],
  uniqueKeys: {},
} as const satisfies TableDefinition;
const SEED_FIELDS = [
  { property: "id", name: "Id" },
  { property: "name", name: "Name" },
  { property: "gender", name: "Gender" },
  { property: "mobile", name: "Mobile" },
  { property: "password", name: "Password" },
  { property: "createTime", name: "CreateTime" },
  { property: "updateTime", name: "UpdateTime" },
];

const hash = "0123456789abcdef".repeat(4);
const time = new Date("2022-03-01T04:00:00Z");
const user = {
  id: 1,
  name: "ving",
  gender: 1,
  mobile: "15212230311",
  password: hash,
  createTime: time,
  updateTime: time,
};
const GO_USER = `{"Id":1,"Name":"ving","Gender":1,"Mobile":"15212230311","Password":"${hash}","CreateTime":"2022-03-01T12:00:00+08:00","UpdateTime":"2022-03-01T12:00:00+08:00"}`;

const seed = new GoRowCodec(userTable, { fields: SEED_FIELDS, prefixes: {} }, SHANGHAI);
const ours = new GoRowCodec(
  userTable,
  { fields: [...SEED_FIELDS, { property: "role", name: "Role" }], prefixes: {} },
  SHANGHAI,
);

test("a row has the bytes that a Go process writes, and is read from them", () => {
  assert.equal(seed.encode(user), GO_USER);
  assert.deepEqual(seed.decode(GO_USER), user);
});

test("a column that the Go original lacks comes after all it knows", () => {
  const text = ours.encode({ ...user, role: 2 });
  assert.equal(text, `${GO_USER.slice(0, -1)},"Role":2}`);
  assert.deepEqual(ours.decode(text), { ...user, role: 2 });
});

test("a row that lacks a column is no row: a Go process wrote it, or one before the column came", () => {
  assert.equal(ours.decode(GO_USER), undefined);
});

test("text is escaped as go-zero 1.3 does and read as every version writes it", () => {
  const name = '<ving>&"\\\b\f\n\r\t\u0001\u2028\u2029é😀';
  const escaped = String.raw`\u003cving\u003e\u0026\"\\\u0008\u000c\n\r\t\u0001\u2028\u2029é😀`;
  const text = seed.encode({ ...user, name });
  assert.ok(text.includes(`"Name":"${escaped}"`), text);
  assert.equal(seed.decode(text)?.name, name);
  assert.equal(seed.decode(GO_USER.replace("ving", "<v>&"))?.name, "<v>&");
});

const times: Readonly<Record<string, [codec: GoRowCodec, instant: string, text: string]>> = {
  "in the zone of the data source": [seed, "2022-03-01T04:00:00Z", "2022-03-01T12:00:00+08:00"],
  "with a fraction where there is one": [seed, "2022-03-01T04:00:00.120Z", "2022-03-01T12:00:00.12+08:00"],
  "in UTC where the zone is": [
    new GoRowCodec(userTable, { fields: SEED_FIELDS, prefixes: {} }, utcTimeText),
    "2022-03-01T04:00:00Z",
    "2022-03-01T04:00:00Z",
  ],
  "west of Greenwich": [
    new GoRowCodec(userTable, { fields: SEED_FIELDS, prefixes: {} }, zoneTimeText("America/St_Johns")),
    "2022-01-01T00:00:00Z",
    "2021-12-31T20:30:00-03:30",
  ],
  "in UTC where the offset has seconds": [seed, "1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"],
  "as Go's zero time": [seed, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
};
for (const [how, [codec, instant, text]] of Object.entries(times)) {
  test(`a time is written ${how}`, () => {
    const row = codec.encode({ ...user, createTime: new Date(instant) });
    assert.ok(row.includes(`"CreateTime":"${text}"`), row);
    assert.equal(codec.decode(row)?.createTime?.valueOf(), new Date(instant).valueOf());
  });
}

test("any offset and any digits of a second are read, and names in any case", () => {
  const text = GO_USER.replace("2022-03-01T12:00:00+08:00", "2022-02-28T23:30:00.123456789-04:30").replace(
    '"Name"',
    '"name"',
  );
  const row = seed.decode(text);
  assert.equal(row?.name, "ving");
  assert.deepEqual(row?.createTime, new Date("2022-03-01T04:00:00.123Z"));
});

const BROKEN = [
  "",
  "*",
  "1",
  "null",
  "[]",
  "{}",
  GO_USER.slice(0, -1),
  GO_USER.replace('"Id":1', '"Id":1.5'),
  GO_USER.replace('"Id":1', '"Id":"1"'),
  GO_USER.replace('"Id":1', '"Id":9007199254740993'),
  GO_USER.replace('"Gender":1', '"Gender":256'),
  GO_USER.replace('"Gender":1', '"Gender":null'),
  GO_USER.replace('"ving"', "7"),
  GO_USER.replace("2022-03-01T12:00:00+08:00", "2022-03-01 04:00:00"),
  GO_USER.replace("2022-03-01T12:00:00+08:00", "2022-13-01T12:00:00+08:00"),
];
for (const text of BROKEN) {
  test(`no row is read from ${text.slice(0, 40)}… of ${text.length} characters`, () => {
    assert.equal(seed.decode(text), undefined);
  });
}

const noteTable = {
  name: "note",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", ...BIGINT, managed: "id" },
    { name: "text", property: "text", type: "text", nullable: true },
    { name: "size", property: "size", type: "integer", nullable: true },
    { name: "read_time", property: "readTime", type: "time", nullable: true },
  ],
  uniqueKeys: {},
} as const satisfies TableDefinition;
const notes = new GoRowCodec(
  noteTable,
  {
    fields: [
      { property: "id", name: "Id" },
      { property: "text", name: "Text", nullStruct: "String" },
      { property: "size", name: "Size", nullStruct: "Int64" },
      { property: "readTime", name: "ReadTime", nullStruct: "Time" },
    ],
    prefixes: {},
  },
  SHANGHAI,
);

test("columns that may be NULL are Go's sql.Null structs", () => {
  const empty = { id: 1, text: null, size: null, readTime: null };
  const emptyText =
    '{"Id":1,"Text":{"String":"","Valid":false},"Size":{"Int64":0,"Valid":false},"ReadTime":{"Time":"0001-01-01T00:00:00Z","Valid":false}}';
  assert.equal(notes.encode(empty), emptyText);
  assert.deepEqual(notes.decode(emptyText), empty);
  const full = { id: 2, text: "", size: 0, readTime: time };
  const fullText =
    '{"Id":2,"Text":{"String":"","Valid":true},"Size":{"Int64":0,"Valid":true},"ReadTime":{"Time":"2022-03-01T12:00:00+08:00","Valid":true}}';
  assert.equal(notes.encode(full), fullText);
  assert.deepEqual(notes.decode(fullText), full);
  assert.equal(notes.decode(fullText.replace('"Valid":true', '"Valid":1')), undefined);
});

test("whatever a row holds comes back", () => {
  const text = fc.string({ unit: "binary", maxLength: 255 }).filter((value) => [...value].length <= 255);
  const instant = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9998-12-31T00:00:00Z"),
    noInvalidDate: true,
  });
  const row = fc.record({
    id: fc.maxSafeNat(),
    name: text,
    gender: fc.integer({ min: 0, max: 255 }),
    mobile: text,
    password: text,
    createTime: fc.option(instant),
    updateTime: fc.option(instant),
  });
  fc.assert(fc.property(row, (value) => assert.deepEqual(seed.decode(seed.encode(value)), { ...value })));
});
