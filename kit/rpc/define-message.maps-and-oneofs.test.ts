import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import { defineMessage } from "./define-message.ts";

const Child = defineMessage<{ id: number; name: string }>("Child", [
  { number: 1, property: "id", type: "int64" },
  { number: 2, property: "name", type: "string" },
]);
const KEYS = ["string", "bool", "int32", "sint64", "fixed32"] as const;
const Maps = defineMessage<Record<string, unknown>>("Maps", [
  ...KEYS.map((key, index) => ({
    number: 1 + index,
    property: `m${key}`,
    type: "string" as const,
    key,
    label: "map" as const,
  })),
  { number: 10, property: "children", type: () => Child, key: "string", label: "map" },
  { number: 11, property: "text", type: "string", label: "optional", oneof: "which" },
  { number: 12, property: "child", type: () => Child, label: "optional", oneof: "which" },
  { number: 13, property: "count", type: "float", label: "optional", oneof: "which" },
]);
const MAPS_ORACLE = protobuf
  .parse(`syntax = "proto3";
    message Child { int64 id = 1; string name = 2; }
    message Maps {
      ${KEYS.map((key, index) => `map<${key}, string> m${key} = ${1 + index};`).join(" ")}
      map<string, Child> children = 10;
      oneof which { string text = 11; Child child = 12; float count = 13; }
    }`)
  .root.lookupType("Maps");
const NO_MAPS = { mstring: {}, mbool: {}, mint32: {}, msint64: {}, mfixed32: {}, children: {} };

test("maps and oneofs have the bytes of protobufjs and come back", () => {
  for (const value of [
    NO_MAPS,
    {
      ...NO_MAPS,
      mstring: { a: "x", "": "" },
      mbool: { true: "t", false: "" },
      mint32: { "-1": "m", 0: "z" },
    },
    { ...NO_MAPS, msint64: { "-9007199254740991": "low" }, mfixed32: { 4294967295: "high" }, text: "" },
    {
      ...NO_MAPS,
      children: { c: { id: 1, name: "one" }, z: { id: 0, name: "" } },
      child: { id: 2, name: "" },
    },
    { ...NO_MAPS, count: 1.5 },
  ]) {
    Maps.check(value);
    const bytes = Maps.encode(value);
    assert.deepEqual(Maps.decode(MAPS_ORACLE.encode(MAPS_ORACLE.fromObject(value)).finish()), value);
    assert.deepEqual(Maps.decode(bytes), value);
    assert.deepEqual(Buffer.from(MAPS_ORACLE.encode(MAPS_ORACLE.decode(bytes)).finish()), bytes);
  }
});

test("of a oneof the last on the wire counts, two at once are refused, and so are keys that are none", () => {
  const both = Buffer.concat([
    Maps.encode({ ...NO_MAPS, text: "a" }),
    Maps.encode({ ...NO_MAPS, child: { id: 1, name: "" } }),
  ]);
  assert.deepEqual(Maps.decode(both), { ...NO_MAPS, child: { id: 1, name: "" } });
  for (const [bad, field] of [
    [{ text: "a", count: 1 }, "text"],
    [{ mint32: { x: "a" } }, "mint32"],
    [{ mint32: { 2147483648: "a" } }, "mint32"],
    [{ mbool: { 1: "a" } }, "mbool"],
    [{ mstring: { a: 1 } }, "mstring"],
    [{ mstring: [] }, "mstring"],
  ] as const) {
    assert.throws(() => Maps.check({ ...NO_MAPS, ...bad }), { field });
  }
  const proto = MAPS_ORACLE.encode({ mstring: Object.fromEntries([["__proto__", "x"]]) }).finish();
  assert.throws(() => Maps.decode(proto), { field: "mstring" });
});
