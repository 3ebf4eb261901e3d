import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "@mall/kit/errors";
import fc from "fast-check";
import protobuf from "protobufjs";
import { defineMessage } from "./define-message.ts";
import type { FieldDefinition, MessageType, ScalarType } from "./message.ts";

const SCALARS = [
  ..."int64 int32 uint64 uint32 bool double string bytes".split(" "),
  ..."float sint32 sint64 fixed32 fixed64 sfixed32 sfixed64".split(" "),
] as readonly ScalarType[];

const Child = defineMessage<{ id: number; name: string }>("Child", [
  { number: 1, property: "id", type: "int64" },
  { number: 2, property: "name", type: "string" },
]);

// Written in descending order on purpose: the wire order is that of the numbers.
const EverythingFields: FieldDefinition[] = [
  { number: 1000, property: "last", type: "int64" },
  { number: 53, property: "children", type: () => Child, label: "repeated" },
  { number: 52, property: "maybe", type: () => Child, label: "optional" },
  { number: 51, property: "child", type: () => Child },
  ...SCALARS.map((type, index) => ({
    number: 231 + index,
    property: `r${type}`,
    type,
    label: "repeated" as const,
  })),
  ...SCALARS.map((type, index) => ({
    number: 111 + index,
    property: `o${type}`,
    type,
    label: "optional" as const,
  })),
  ...SCALARS.map((type, index) => ({ number: 1 + index, property: `p${type}`, type })),
];

const Everything = defineMessage<Record<string, unknown>>("Everything", EverythingFields);

const ORACLE = protobuf
  .parse(`syntax = "proto3";
    message Child { int64 id = 1; string name = 2; }
    message Everything {
      ${SCALARS.map((type, index) => `${type} p${type} = ${1 + index};`).join(" ")}
      ${SCALARS.map((type, index) => `optional ${type} o${type} = ${111 + index};`).join(" ")}
      ${SCALARS.map((type, index) => `repeated ${type} r${type} = ${231 + index};`).join(" ")}
      Child child = 51; optional Child maybe = 52; repeated Child children = 53; int64 last = 1000;
    }`)
  .root.lookupType("Everything");

const VALUES = {
  int64: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -300, max: 300 })),
  int32: fc.integer(),
  uint64: fc.oneof(fc.maxSafeNat(), fc.nat(300)),
  uint32: fc.nat(2 ** 32 - 1),
  bool: fc.boolean(),
  double: fc.double(),
  float: fc.float(),
  sint32: fc.integer(),
  sint64: fc.maxSafeInteger(),
  fixed32: fc.nat(2 ** 32 - 1),
  fixed64: fc.maxSafeNat(),
  sfixed32: fc.integer(),
  sfixed64: fc.maxSafeInteger(),
  string: fc.string({ unit: "grapheme", maxLength: 200 }),
  bytes: fc.uint8Array({ maxLength: 200 }),
};

const CHILD = fc.record({ id: VALUES.int64, name: VALUES.string });

const EVERYTHING = fc
  .tuple(
    fc.record({
      ...Object.fromEntries(SCALARS.map((type) => [`p${type}`, VALUES[type]])),
      ...Object.fromEntries(
        SCALARS.map((type) => [`r${type}`, fc.array(VALUES[type] as fc.Arbitrary<unknown>)]),
      ),
      child: CHILD,
      children: fc.array(CHILD, { maxLength: 4 }),
      last: VALUES.int64,
    }),
    fc.record(
      { ...Object.fromEntries(SCALARS.map((type) => [`o${type}`, VALUES[type]])), maybe: CHILD },
      { requiredKeys: [] },
    ),
  )
  .map(([plain, optional]): Record<string, unknown> => ({ ...plain, ...optional }));

/** protobufjs writes plain fields that were set to zero; proto3 says not to. */
function withoutZeros(value: Record<string, unknown>, plain = /^p|^last$/): Record<string, unknown> {
  const isZero = (entry: unknown): boolean =>
    entry === "" ||
    entry === false ||
    Object.is(entry, 0) ||
    (entry instanceof Uint8Array && entry.length === 0);
  return Object.fromEntries(
    Object.entries(value).filter(([key, entry]) => !plain.test(key) || !isZero(entry)),
  );
}

function asOracleSees(value: Record<string, unknown>): Record<string, unknown> {
  const child = (entry: unknown) => withoutZeros(entry as Record<string, unknown>, /./);
  const seen = withoutZeros({ ...value, child: child(value.child) });
  seen.children = (value.children as unknown[]).map(child);
  if (value.maybe !== undefined) seen.maybe = child(value.maybe);
  return seen;
}

/** Bytes as plain Uint8Arrays, so that Buffers compare equal to them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AppError, `not an AppError: ${String(error)}`);
    assert.equal(error.code, "INVALID_ARGUMENT");
    return error;
  }
  return assert.fail("was accepted");
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

test("random messages encode to the same bytes as protobufjs", () => {
  fc.assert(
    fc.property(EVERYTHING, (value) => {
      Everything.check(value);
      const expected = Buffer.from(ORACLE.encode(asOracleSees(value)).finish());
      assert.equal(Everything.encode(value).toString("hex"), expected.toString("hex"));
    }),
    { numRuns: 500 },
  );
});

test("what is encoded decodes to the same value, from a Buffer and from a plain Uint8Array", () => {
  fc.assert(
    fc.property(EVERYTHING, (value) => {
      const bytes = Everything.encode(value);
      assert.deepEqual(plain(Everything.decode(bytes)), plain(value));
      assert.deepEqual(plain(Everything.decode(Uint8Array.from(bytes))), plain(value));
    }),
    { numRuns: 300 },
  );
});

test("no bytes at all are the message of zero values, with optional fields absent", () => {
  assert.deepEqual(plain(Everything.decode(Buffer.alloc(0))), {
    ...Object.fromEntries(SCALARS.map((type) => [`p${type}`, 0])),
    pbool: false,
    pstring: "",
    pbytes: new Uint8Array(0),
    ...Object.fromEntries(SCALARS.map((type) => [`r${type}`, []])),
    child: { id: 0, name: "" },
    children: [],
    last: 0,
  });
});

test("optional fields keep zero values, plain fields do not write them", () => {
  const Pair = defineMessage<{ plain: number; maybe?: number; text?: string }>("Pair", [
    { number: 1, property: "plain", type: "int64" },
    { number: 2, property: "maybe", type: "int64", label: "optional" },
    { number: 3, property: "text", type: "string", label: "optional" },
  ]);
  assert.equal(Pair.encode({ plain: 0, maybe: 0, text: "" }).toString("hex"), "10001a00");
  assert.deepEqual(Pair.decode(hex("1000 1a00")), { plain: 0, maybe: 0, text: "" });
  assert.deepEqual(Pair.decode(Pair.encode({ plain: 0 })), { plain: 0 });
});

test("integers are exact up to 2^53-1 and refused beyond, on both sides, naming the property", () => {
  const big = Number.MAX_SAFE_INTEGER;
  for (const id of [big, -big, 2 ** 32, -(2 ** 32), -1]) {
    assert.equal(Child.decode(Child.encode({ id, name: "" })).id, id);
  }
  for (const id of [2 ** 53, -(2 ** 53), 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(refusal(() => Child.check({ id, name: "" })).field, "id");
  }
  const Wide = protobuf
    .parse(`syntax = "proto3"; message Wide { int64 id = 1; uint64 other = 2; }`)
    .root.lookupType("Wide");
  for (const text of ["9007199254740992", "9007199254740993", "-9007199254740992", "-9223372036854775808"]) {
    const bytes = Wide.encode(Wide.fromObject({ id: text })).finish();
    assert.equal(refusal(() => Child.decode(bytes)).field, "id");
  }
  const Unsigned = defineMessage<{ other: number }>("Unsigned", [
    { number: 2, property: "other", type: "uint64" },
  ]);
  const bytes = Wide.encode(Wide.fromObject({ other: "18446744073709551615" })).finish();
  assert.equal(refusal(() => Unsigned.decode(bytes)).field, "other");
});

test("check names the property and the rule of every kind of bad value", () => {
  const good = Everything.decode(Buffer.alloc(0));
  const cases: [string, unknown, string][] = [
    ["pint64", undefined, 'field "pint64" is missing'],
    ["pint64", "1", 'field "pint64" must be an integer'],
    ["pint64", 1n, 'field "pint64" must be an integer'],
    ["pint32", 2 ** 31, 'field "pint32" must fit in 32 bits'],
    ["puint64", -1, 'field "puint64" must not be negative'],
    ["puint32", -1, 'field "puint32" must fit in 32 bits without sign'],
    ["pbool", 1, 'field "pbool" must be true or false'],
    ["pdouble", "1", 'field "pdouble" must be a number'],
    ["pstring", null, 'field "pstring" must be a string'],
    ["ostring", "\ud800", 'field "ostring" must be well-formed Unicode'],
    ["pbytes", [1], 'field "pbytes" must be bytes'],
    ["rint64", 1, 'field "rint64" must be an array'],
    ["rint64", [1, 2 ** 60], 'field "rint64[1]" must be an integer between -(2^53-1) and 2^53-1'],
    ["rstring", new Array(1), 'field "rstring[0]" must be a string'],
    ["child", null, 'field "child" must be a Child'],
    ["child", { id: 1 }, 'field "child.name" is missing'],
    [
      "children",
      [
        { id: 1, name: "" },
        { id: 1, name: 2 },
      ],
      'field "children[1].name" must be a string',
    ],
  ];
  for (const [property, value, message] of cases) {
    const error = refusal(() => Everything.check({ ...good, [property]: value }));
    assert.equal(error.message, message);
    assert.equal(error.field, /"(.*)"/.exec(message)?.[1]);
  }
  assert.equal(refusal(() => Child.check(null as never)).message, "message Child must be a Child");
});

test("unknown fields of every wire type are skipped", () => {
  const unknown = hex("7805 79 0102030405060708 7a03 616263 7b 0801 7c 7d 01020304");
  assert.deepEqual(Child.decode(Buffer.concat([unknown, hex("0805"), unknown])), { id: 5, name: "" });
});

test("of a scalar that comes twice the last wins, lists grow, an embedded message is merged", () => {
  assert.equal(Child.decode(hex("0801 0802")).id, 2);
  const twice = Buffer.concat([hex("9a03 02 0807"), hex("9a03 03 120161")]);
  assert.deepEqual(Everything.decode(twice).child, { id: 7, name: "a" });
  assert.deepEqual(ORACLE.toObject(ORACLE.decode(twice), { longs: Number }), { child: { id: 7, name: "a" } });
});

test("repeated numbers are read packed, unpacked and mixed", () => {
  const List = defineMessage<{ values: number[] }>("List", [
    { number: 1, property: "values", type: "int64", label: "repeated" },
  ]);
  assert.deepEqual(List.decode(hex("0801 0a020203 0804 0a00")).values, [1, 2, 3, 4]);
  assert.equal(List.encode({ values: [1, 2, 300] }).toString("hex"), "0a040102ac02");
});

test("malformed bytes are refused, naming the field where there is one", () => {
  const cases: [string, string | undefined][] = [
    ["08", "id"], // no value after the tag
    ["08 ff", "id"], // a varint that does not end
    ["08 ffffffffffffffffffffff01", "id"], // a varint of more than ten bytes
    ["12 05 6162", "name"], // text shorter than its length
    ["12 ffffffff0f", "name"], // a length beyond any message
    ["12 02 c328", "name"], // not UTF-8
    ["12 03 eda080", "name"], // a surrogate in UTF-8
    ["12 02 c080", "name"], // an overlong form
    ["0a 01 00", "id"], // text where a number belongs
    ["09 0000000000000000", "id"], // fixed64 where a varint belongs
    ["10 01", "name"], // a number where text belongs
    ["00 01", undefined], // field number 0
    ["7c", undefined], // the end of a group that never began
    ["7b 08", undefined], // a group that does not end
    ["7f", undefined], // wire type 7 does not exist
    ["0f", "id"], // nor here
    ["ff", undefined], // a tag that does not end
  ];
  for (const [text, field] of cases) {
    const error = refusal(() => Child.decode(hex(text)));
    assert.equal(error.field, field, text);
    assert.ok(
      error.message.startsWith(field === undefined ? "message Child" : `field "${field}"`),
      error.message,
    );
  }
  assert.equal(refusal(() => Everything.decode(hex("9a03 03 0801"))).field, "child");
  assert.equal(refusal(() => Everything.decode(hex("9a03 01 08 01"))).field, "child.id");
});

test("every truncation of a message, and any bytes at all, decode or are refused", () => {
  fc.assert(
    fc.property(EVERYTHING, fc.double({ min: 0, max: 1, noNaN: true }), (value, share) => {
      const bytes = Everything.encode(value);
      decodeOrRefuse(bytes.subarray(0, Math.floor(bytes.length * share)));
    }),
    { numRuns: 300 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), decodeOrRefuse), { numRuns: 5000 });
});

function decodeOrRefuse(bytes: Uint8Array): void {
  try {
    Everything.check(Everything.decode(bytes));
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "INVALID_ARGUMENT", String(error));
  }
}

interface Tree {
  next?: Tree;
}

test("messages nested beyond 100 levels are refused instead of exhausting the stack", () => {
  const TreeMessage: MessageType<Tree> = defineMessage<Tree>("Tree", [
    { number: 1, property: "next", type: (): MessageType<unknown> => TreeMessage, label: "optional" },
  ]);
  let tree: Tree = {};
  for (let level = 0; level < 100; level++) tree = { next: tree };
  TreeMessage.check(tree);
  assert.deepEqual(TreeMessage.decode(TreeMessage.encode(tree)), tree);
  const deeper = { next: tree };
  assert.match(refusal(() => TreeMessage.check(deeper)).message, /nested too deeply/);
  assert.match(refusal(() => TreeMessage.decode(TreeMessage.encode(deeper))).message, /nested too deeply/);
  const loop: Tree = {};
  loop.next = loop;
  refusal(() => TreeMessage.check(loop));
});

test("definitions that cannot work are refused when they are made or first used", () => {
  const field = { number: 1, property: "id", type: "int64" } as const;
  assert.throws(() => defineMessage("Twice", [field, { ...field, property: "other" }]), /defined twice/);
  assert.throws(() => defineMessage("Twice", [field, { ...field, number: 2 }]), /defined twice/);
  assert.throws(() => defineMessage("Zero", [{ ...field, number: 0 }]), /has the number 0/);
  const Endless: MessageType<object> = defineMessage<object>("Endless", [
    { number: 1, property: "self", type: (): MessageType<unknown> => Endless },
  ]);
  assert.throws(() => Endless.decode(Buffer.alloc(0)), /declare the field optional/);
});
