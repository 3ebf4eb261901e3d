import assert from "node:assert/strict";
import { test } from "node:test";
import type { TableDefinition } from "../table.ts";
import { zoneTimeText } from "../time-text.ts";
import { GoRowCodec } from "./go-row.ts";
import { CacheKeys } from "./keys.ts";

// What goctl 1.10's models of such a table write, run: fmt's %v of the struct in the key, encoding/json of it in the row.
const cache = {
  fields: [
    { property: "id", name: "Id" },
    { property: "a", name: "A", nullStruct: "String" },
    { property: "n", name: "N", nullStruct: "Int64" },
    { property: "price", name: "Price" },
    { property: "rate", name: "Rate", nullStruct: "Float64" },
    { property: "active", name: "Active", nullStruct: "Bool" },
    { property: "born", name: "Born" },
    { property: "createTime", name: "CreateTime", nullStruct: "Time" },
  ],
  prefixes: { PRIMARY: "cache:item:id:", a_n: "cache:item:a:n:", price: "cache:item:price:" },
} as const;
const table: TableDefinition = {
  name: "item",
  primaryKey: "id",
  columns: [
    { name: "id", property: "id", type: "integer", managed: "id" },
    { name: "a", property: "a", type: "text", lengthMax: 9, nullable: true },
    { name: "n", property: "n", type: "integer", nullable: true },
    { name: "price", property: "price", type: "decimal", precision: 10, scale: 2 },
    { name: "rate", property: "rate", type: "float", nullable: true },
    { name: "active", property: "active", type: "boolean", nullable: true },
    { name: "born", property: "born", type: "date" },
    { name: "create_time", property: "createTime", type: "time", nullable: true, managed: "created" },
  ],
  uniqueKeys: { a_n: ["a", "n"], price: ["price"] },
  cache,
};

test("a nullable column of a unique key stands in the entry's key as Go prints its sql.NullX", () => {
  const keys = new CacheKeys(table, cache);
  assert.equal(keys.ofId(1), "cache:item:id:1");
  assert.equal(keys.of("a_n", { a: "x", n: 5 }), "cache:item:a:n:{x true}:{5 true}");
  // No row has a null by a lookup, so there is no entry.
  assert.equal(keys.of("a_n", { a: null, n: 5 }), undefined);
  assert.equal(keys.of("price", { price: "12.50" }), "cache:item:price:12.5");
});

test("decimals, floats, bools, days and managed times without a default have Go's bytes and come back", () => {
  const codec = new GoRowCodec(table, cache, zoneTimeText("Asia/Shanghai"));
  const row = {
    id: 1,
    a: "x",
    n: null,
    price: "12.50",
    rate: 0.1,
    active: true,
    born: "2026-01-31",
    createTime: null,
  };
  const bytes =
    '{"Id":1,"A":{"String":"x","Valid":true},"N":{"Int64":0,"Valid":false},"Price":12.5,' +
    '"Rate":{"Float64":0.1,"Valid":true},"Active":{"Bool":true,"Valid":true},"Born":"2026-01-31T00:00:00+08:00",' +
    '"CreateTime":{"Time":"0001-01-01T00:00:00Z","Valid":false}}';
  assert.equal(codec.encode(row), bytes);
  assert.deepEqual(codec.decode(bytes), row);
});
