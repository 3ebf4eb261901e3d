import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { bindLocalClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import fc from "fast-check";
import protobuf from "protobufjs";
import { generateLayer } from "../commands/index.ts";
import {
  Color,
  type FeedClient,
  FeedService,
  Order,
  Order_Line_Kind,
  OrdersService,
} from "../testdata/proto/more/gen/more.ts";
import { Labels, Tree, WideService } from "../testdata/proto/wide/gen/wide.ts";
import { generateRpc } from "./index.ts";

// The expected files lie in testdata, where the type checker reads them too; after a wanted change:
//   mallctl rpc proto -src codegen/testdata/proto/wide/wide.proto -dir codegen/testdata/proto/wide
const wide = join(import.meta.dirname, "../testdata/proto/wide");
const source = await readFile(join(wide, "wide.proto"), "utf8");
const layer = generateRpc({ source, fileName: "wide.proto", name: "wide" });

test("an rpc gives one client file, one server file and a scaffold for each method", () => {
  assert.deepEqual(
    layer.generated.map((file) => file.path),
    ["gen/wide.ts", "gen/server.ts"],
  );
  assert.deepEqual(
    layer.scaffolds.map((file) => file.path),
    ["logic/check-all.ts", "logic/delete.ts", "logic/call.ts"],
  );
});

for (const file of [...layer.generated, ...layer.scaffolds]) {
  test(`every feature a proto may use comes out as expected in ${file.path}`, async () => {
    assert.equal(file.content, await readFile(join(wide, file.path), "utf8"));
  });
}

test("imports, nested types, enums, maps, oneofs and several services come out as expected", async () => {
  const folder = join(import.meta.dirname, "../testdata/proto/more");
  const more = await generateLayer("rpc", join(folder, "more.proto"), { cache: false });
  for (const file of [...more.generated, ...more.scaffolds])
    assert.equal(file.content, await readFile(join(folder, file.path), "utf8"), file.path);
  assert.deepEqual(OrdersService.names, ["more.v1.orders", "more.v1client.orders"]);
  const order: Order = {
    lines: [{ pid: 1, kind: Order_Line_Kind.GIFT }],
    prices: { pen: 5 },
    byId: { 7: { pid: 7, kind: 0 } },
    wallet: { float: 1.5, sint32: -1, sint64: -2, fixed32: 3, fixed64: 4, sfixed32: -5, sfixed64: -6 },
    color: Color.RED,
    shades: [Color.CRIMSON, 99],
    madeAt: { seconds: 1, nanos: 2 },
    page: { number: 1, order: { descending: true } },
    call: { id: 1 },
  };
  const text = await readFile(join(folder, "more.proto"), "utf8");
  const root = new protobuf.Root();
  protobuf.parse(await readFile(join(folder, "parts/common.proto"), "utf8"), root);
  protobuf.parse(text, root, { keepCase: true });
  root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {});
  root.addJSON(protobuf.common.get("google/protobuf/empty.proto")?.nested ?? {});
  const bytes = Order.encode(order);
  assert.deepEqual(Order.decode(bytes), order);
  const reference = root.lookupType("more.v1.Order");
  const read = reference.toObject(reference.decode(bytes));
  assert.deepEqual(Order.decode(Buffer.from(reference.encode(reference.fromObject(read)).finish())), order);
});

test("methods with streams are called and implemented by what was generated", async () => {
  const orders = (ids: number[]) =>
    ids.map((id): Order => ({ lines: [], prices: {}, byId: {}, color: id, shades: [] }));
  const implementation: FeedClient = {
    async *watch(_call, { number }) {
      yield* orders([number, number + 1]);
    },
    import: async (_call, requests) => {
      for await (const { color } of requests) imported.push(color);
      return {};
    },
    async *ask(_call, requests) {
      for await (const { id } of requests) yield* orders([id]);
    },
  };
  const imported: number[] = [];
  const feed = bindLocalClient({
    definition: FeedService,
    implementation,
    clientTimeoutMs: 0,
    serverTimeoutMs: 0,
    runtime: systemRuntime,
    log: silentLogger,
  });
  const call = backgroundCall();
  const colors: number[] = [];
  for await (const { color } of feed.watch(call, { number: 1 })) colors.push(color);
  for await (const { color } of feed.ask(call, Readable.from([{ id: 7 }, { id: 8 }]))) colors.push(color);
  assert.deepEqual(await feed.import(call, Readable.from(orders([3, 4]))), {});
  assert.deepEqual(
    [colors, imported],
    [
      [1, 2, 7, 8],
      [3, 4],
    ],
  );
});

test("a contract without a package is served under the service's bare name", () => {
  const source = 'syntax = "proto3"; message E {} service Greet { rpc Ping(E) returns (E); }';
  const [file] = generateRpc({ source, fileName: "greet.proto", name: "greet" }).generated;
  assert.match(file?.content ?? "", /names: \["Greet"\],/);
});

test("a service is served under the repository's name and the tutorial's, and called by the one in its proto", () => {
  const text = (name: string): string =>
    `syntax = "proto3"; package ${name}; message E {} service Pay { rpc Ping(E) returns (E); }`;
  const names = ["pay", "payclient", "client"].map((name) => {
    const [file] = generateRpc({ source: text(name), fileName: "pay.proto", name: "pay" }).generated;
    return /names: (.*),/.exec(file?.content ?? "")?.[1];
  });
  assert.deepEqual(names, [
    '["pay.Pay", "payclient.Pay"]',
    '["payclient.Pay", "pay.Pay"]',
    '["client.Pay", "clientclient.Pay"]',
  ]);
  assert.deepEqual(WideService.names, ["wide.Wide", "wideclient.Wide"]);
});

test("a method may be sent again where its proto says that this does no harm", () => {
  const text = `syntax = "proto3"; package pay; message E {}
    service Pay {
      rpc Read(E) returns (E) { option idempotency_level = NO_SIDE_EFFECTS; }
      rpc Put(E) returns (E) { option idempotency_level = IDEMPOTENT; }
      rpc Add(E) returns (E) { option idempotency_level = IDEMPOTENCY_UNKNOWN; }
      rpc Take(E) returns (E);
    }`;
  const [file] = generateRpc({ source: text, fileName: "pay.proto", name: "pay" }).generated;
  const marked = [...(file?.content ?? "").matchAll(/(\w+): \{ name: .*idempotent: true \}/g)];
  assert.deepEqual(
    marked.map(([, method]) => method),
    ["read", "put"],
  );
});

const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const scalars = fc.record(
  {
    int64: fc.maxSafeInteger(),
    int32: integer,
    uint64: fc.maxSafeNat(),
    uint32: fc.nat({ max: 2 ** 32 - 1 }),
    bool: fc.boolean(),
    double: fc.double(),
    string: fc.string({ unit: "grapheme" }),
    bytes: fc.uint8Array({ maxLength: 20 }).map((bytes): Uint8Array => Buffer.from(bytes)),
  },
  { noNullPrototype: true },
);
const labels: fc.Arbitrary<Labels> = fc.record(
  {
    maybeNumber: fc.maxSafeInteger(),
    message: fc.string(),
    names: fc.array(fc.string(), { maxLength: 3 }),
    one: scalars,
    maybeOne: scalars,
    many: fc.array(scalars, { maxLength: 3 }),
  },
  { requiredKeys: ["names", "many"], noNullPrototype: true },
);

test("a generated message has the bytes that protobuf gives its proto, and reads them back", () => {
  const reference = protobuf.parse(source).root.lookupType("wide.Labels");
  fc.assert(
    fc.property(labels, (value) => {
      const bytes = Labels.encode(value);
      assert.deepEqual(Labels.decode(bytes), value);
      const read = reference.toObject(reference.decode(bytes), { arrays: true, defaults: false });
      assert.deepEqual(Buffer.from(reference.encode(reference.fromObject(read)).finish()), bytes);
    }),
    { numRuns: 200 },
  );
});

test("a message that contains itself encodes to any depth", () => {
  const leaf: Tree = { name: "leaf", children: [] };
  const tree: Tree = { name: "root", children: [leaf, { name: "", children: [leaf], parent: leaf }] };
  assert.deepEqual(Tree.decode(Tree.encode(tree)), tree);
});
