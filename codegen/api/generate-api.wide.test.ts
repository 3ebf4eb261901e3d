import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createRestServer, joinOpenApi, type RestServer } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { generateLayer } from "../commands/index.ts";
import type { ServiceContext } from "../testdata/api/wide/context.ts";
import { createWideHttpClient, type ListReq } from "../testdata/api/wide/gen/client.ts";
import { wideOpenApi } from "../testdata/api/wide/gen/openapi.ts";
import { wideRoutes } from "../testdata/api/wide/gen/routes.ts";

// Every kind of thing that an .api file may hold, and its generated code; after a change of the generator:
//   mallctl api ts -api codegen/testdata/api/wide/wide.api -dir codegen/testdata/api/wide
const folder = join(import.meta.dirname, "../testdata/api/wide");
const context: ServiceContext = { seen: [] };
const server: RestServer = createRestServer({
  runtime: systemRuntime,
  log: silentLogger,
  host: "127.0.0.1",
  port: 0,
  routes: wideRoutes(context),
  timeoutMs: 3000,
  bodyBytesMax: 1024 * 1024,
  concurrentMax: 100,
});
let url = "";

before(async () => {
  url = await server.start();
});
after(() => server.stop(0));

async function ask(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  context.seen.length = 0;
  const response = await fetch(url + path, init);
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

function json(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

const good = { name: "pen", level: 2, A: 1, B: 2 };

test("the contract and what it imports generate the committed files", async () => {
  const { generated } = await generateLayer("api", join(folder, "wide.api"), { cache: false });
  for (const file of generated)
    assert.equal(file.content, await readFile(join(folder, file.path), "utf8"), file.path);
});

test("path, query and headers become the request, with defaults and types; lists in three spellings", async () => {
  const asked = async (query: string): Promise<unknown> => {
    const { status, body } = await ask(`/v1/shops/a%20b/items${query}`, { headers: { "x-trace": "t" } });
    assert.equal(status, 200, JSON.stringify(body));
    return JSON.parse(String(body.asked));
  };
  const rest = { shop: "a b", sizes: [1, 2], sort: "up", "X-Trace": "t" };
  assert.deepEqual(await asked(""), { ...rest, page: 1 });
  assert.deepEqual(await asked("?page=&size=2&cheap=1&ratio=1.5"), {
    ...rest,
    page: 1,
    size: 2,
    cheap: true,
    ratio: 1.5,
  });
  for (const query of ["?ids=1&ids=2", "?ids[]=1&ids[]=2", "?ids=1,2"])
    assert.deepEqual(await asked(query), { ...rest, page: 1, ids: [1, 2] });
});

test("what is not of its type or out of its rule is refused by the name of the field", async () => {
  for (const [query, field] of [
    ["?page=0", "page"],
    ["?page=x", "page"],
    ["?size=1.5", "size"],
    ["?cheap=yes", "cheap"],
    ["?sort=side", "sort"],
    ["?ids=1,x", "ids[1]"],
  ]) {
    const { status, body } = await ask(`/v1/shops/1/items${query}`);
    assert.deepEqual([status, body.field], [400, field], query);
  }
  assert.equal((await ask("/v1/shops/1/items?a=%zz")).body.reason, "INVALID_QUERY");
});

test("middlewares run in order around the logic, before the request is checked, and may refuse", async () => {
  await ask("/v1/shops/1/items");
  assert.deepEqual(context.seen, ["count", "checkTwice", "logic", "checkTwice after", "count after"]);
  const refused = await ask("/v1/shops/1/items?page=x", { headers: { "x-refuse": "checkTwice" } });
  assert.deepEqual([refused.status, refused.body.reason], [403, "REFUSED"]);
  assert.deepEqual(context.seen, ["count", "checkTwice"]);
  const unreadable = await ask("/v1/shops/1/items", { ...json({}), body: "{" });
  assert.deepEqual([unreadable.body.reason, context.seen], ["INVALID_JSON", ["count", "checkTwice"]]);
});

test("a body joins the path; rules of validate hold, and what is not the body's cannot come in it", async () => {
  const path = "/v1/shops/7/items";
  assert.equal((await ask(path, json({ ...good, shop: "8" }))).body.name, "7/pen");
  const cases: [unknown, string][] = [
    [{ ...good, name: "" }, "name"],
    [{ ...good, name: "too long!" }, "name"],
    [{ ...good, level: 4 }, "level"],
    [{ ...good, raw: "no base64" }, "raw"],
    [{ ...good, point: [1] }, "point"],
    [{ ...good, byNumber: { x: "y" } }, "byNumber"],
    [{ ...good, place: {} }, "place.city"],
    [{ ...good, share: 0.5 }, "share"],
    [{ ...good, share: "half" }, "share"],
  ];
  for (const [body, field] of cases) assert.equal((await ask(path, json(body))).body.field, field);
  const whole = {
    ...good,
    raw: "AAE=",
    point: [1, 2],
    byNumber: { 5: "five" },
    extra: [1],
    place: { city: "x" },
    share: "0.50",
  };
  assert.equal((await ask(path, json(whole))).status, 200);
});

test("maxBytes of a group counts for its routes alone", async () => {
  const large = "x".repeat(3000);
  assert.equal((await ask("/v1/shops/7/items", json({ ...good, extra: large }))).status, 413);
  const form = new URLSearchParams({ name: large });
  assert.equal((await ask("/form", { method: "POST", body: form })).body.Page, 3000);
});

test("a form comes as urlencoded, multipart or query, nothing else", async () => {
  const multipart = new FormData();
  multipart.append("name", "four");
  multipart.append("tags[]", "a");
  assert.equal((await ask("/form", { method: "POST", body: multipart })).body.Page, 1);
  assert.equal((await ask("/form?name=abc", { method: "POST" })).body.Page, 3);
  assert.equal((await ask("/form", { method: "POST", body: "name=a" })).status, 415);
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  assert.equal(
    (await ask("/form", { method: "POST", headers, body: "no form" })).body.reason,
    "INVALID_FORM",
  );
});

test("a question may bring a JSON body, as go-zero reads one of any method", async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": 8 };
    const asked = request(`${url}/get-body`, { method: "GET", headers }, (response) => {
      response.setEncoding("utf8").once("data", resolve);
    });
    asked.on("error", reject).end('{"id":5}');
  });
  assert.equal(answer, '[{"a":5}]');
  assert.equal((await ask("/get-body")).body.field, "id");
});

test("types in themselves answer whole, through the generated client too", async () => {
  const client = createWideHttpClient({ baseUrl: url });
  assert.deepEqual(await client.tree(), [{ id: 1, kids: [{ id: 2, kids: [{ id: 3 }] }] }]);
  const asked: ListReq = { shop: "a/b", page: 2, sort: "down", ids: [1, 2], sizes: [3], "X-Trace": "t" };
  const listed = await client.shopList(asked);
  assert.deepEqual(listed.items, [{ id: 1, next: { id: 2 } }]);
  assert.equal(listed.total, "9007199254740993");
  assert.deepEqual(JSON.parse(listed.asked), asked);
  assert.deepEqual(await client.form({ name: "x", tags: ["a", "b"] }), { Page: 2 });
});

test("a stream of events comes one by one, and its request is checked like any other", async () => {
  const client = createWideHttpClient({ baseUrl: url });
  const numbers: number[] = [];
  for await (const { number } of client.ticks({ count: 3 })) numbers.push(number);
  assert.deepEqual(numbers, [1, 2, 3]);
  await assert.rejects(
    async () => {
      for await (const _tick of client.ticks({ count: 9 })) assert.fail("no event");
    },
    { field: "count" },
  );
});

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

test("handlers of one name in two groups are two operations", async () => {
  // The document's type is no more than an object.
  const document = joinOpenApi({ title: "t", version: "1" }, [wideOpenApi]) as Document;
  const list = document.paths["/v1/shops/{shop}/items"]?.get;
  assert.equal(list?.operationId, "wideShopList");
  assert.deepEqual(list?.tags, ["shops"]);
  assert.deepEqual(
    list?.parameters?.map((each) => `${each.in} ${each.name}`),
    [
      "path shop",
      "query page",
      "query size",
      "query ids",
      "query sizes",
      "query sort",
      "query cheap",
      "query ratio",
      "header X-Trace",
    ],
  );
  assert.equal(document.paths["/admin/items"]?.get?.operationId, "wideAdminList");
});
