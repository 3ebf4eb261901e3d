import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allowOnly, joinOpenApi, type OpenApiPart } from "./openapi.ts";
import { serve } from "./test-server.ts";

const part = (tag: string): OpenApiPart => ({
  tag,
  paths: { [`/api/${tag}`]: { post: { responses: {} } } },
  schemas: { [`${tag}.Request`]: { type: "object" } },
});

describe("the API docs", () => {
  test("are one page that loads only what this server serves, under a policy that allows nothing else", async (t) => {
    const { url } = await serve(t, { docs: { openApi: {} } });
    const page = await fetch(`${url}/docs/`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(policy, /https?:/);
    const html = await page.text();
    assert.doesNotMatch(html, /<script>|https?:|\son\w+=/);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => String(link));
    assert.equal(links.length, 4);
    for (const link of links) {
      const file = await fetch(url + link);
      assert.equal(file.status, 200, link);
      assert.ok((await file.bytes()).length > 100, link);
    }
  });

  test("and the pages for monitors give their head alone where that is asked for", async (t) => {
    const { url } = await serve(t, { docs: { openApi: { openapi: "3.1.0" } } });
    for (const path of ["/docs", "/docs/swagger-ui.css", "/openapi.json", "/healthz", "/livez"]) {
      const [head, page] = await Promise.all([fetch(url + path, { method: "HEAD" }), fetch(url + path)]);
      assert.deepEqual([head.status, page.status], [200, 200], path);
      for (const name of ["content-type", "content-length"])
        assert.equal(head.headers.get(name), page.headers.get(name), `${path} ${name}`);
      assert.equal((await head.bytes()).length, 0, path);
    }
  });

  test("show nothing else of the folders they come from", async (t) => {
    const { url } = await serve(t, { docs: { openApi: {} } });
    for (const path of [
      "/docs/package.json",
      "/docs/index.html",
      "/docs/..%2fdocs.ts",
      "/docs/%2e%2e/server.ts",
    ]) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
  });

  test("are there only where the server has them", async (t) => {
    const { url } = await serve(t);
    for (const path of ["/docs", "/openapi.json", "/healthz"])
      assert.equal((await fetch(url + path)).status, 404);
  });
});

test("the document served is the one given, and the process says it is well", async (t) => {
  const openApi = joinOpenApi({ title: "mall", version: "1" }, [part("pay")]);
  const { url } = await serve(t, { docs: { openApi } });
  const document = await fetch(`${url}/openapi.json`);
  assert.equal(document.headers.get("content-type"), "application/json; charset=utf-8");
  assert.deepEqual(await document.json(), openApi);
  assert.equal(await (await fetch(`${url}/healthz`)).text(), "OK");
});

describe("joinOpenApi", () => {
  test("says of fields that may not come together that null is none", () => {
    const integer = { type: "integer" };
    const request = {
      type: "object",
      properties: { stock: integer, change: integer, sale: integer },
      not: { anyOf: [{ required: ["change", "stock"] }, { required: ["sale", "stock"] }] },
    };
    const content = { "application/json": { schema: { $ref: "#/components/schemas/shop.Request" } } };
    const paths = { "/api/shop": { post: { requestBody: { content }, responses: {} } } };
    const shop = { tag: "shop", paths, schemas: { "shop.Request": request } };
    const there = { not: { type: "null" } };
    const joined = JSON.parse(JSON.stringify(joinOpenApi({ title: "mall", version: "1" }, [shop])));
    assert.deepEqual(joined.components.schemas["shop.Request"].not, {
      anyOf: ["change", "sale"].map((field) => ({
        required: [field, "stock"],
        properties: { [field]: there, stock: there },
      })),
    });
  });

  test("joins all parts, and every reference in a generated part has its target", () => {
    const joined = JSON.parse(
      JSON.stringify(joinOpenApi({ title: "mall", version: "1" }, [part("user"), part("pay")])),
    );
    assert.equal(joined.openapi, "3.1.0");
    assert.deepEqual(Object.keys(joined.paths), ["/api/user", "/api/pay"]);
    assert.deepEqual(Object.keys(joined.components.schemas), ["Error", "user.Request", "pay.Request"]);
    assert.deepEqual(joined.tags, [{ name: "user" }, { name: "pay" }]);
    assert.ok(joined.components.responses.Error);
    assert.ok(joined.components.securitySchemes.bearer);
  });

  test("refuses two services with the same path", () => {
    assert.throws(
      () => joinOpenApi({ title: "mall", version: "1" }, [part("pay"), part("pay")]),
      /\/api\/pay/,
    );
  });
});

test("a process that knows which values there are says so in its document, and nowhere else", () => {
  const text = { type: "string", description: "where" };
  const told = {
    ...part("pay"),
    schemas: { "pay.Request": { type: "object", properties: { channel: text } } },
  };
  const narrowed = allowOnly(told, { schema: "pay.Request", property: "channel", values: ["sandbox"] });
  assert.deepEqual(narrowed.schemas, {
    "pay.Request": { type: "object", properties: { channel: { ...text, enum: ["sandbox"] } } },
  });
  assert.deepEqual(told.schemas["pay.Request"], { type: "object", properties: { channel: text } });
  assert.throws(
    () => allowOnly(told, { schema: "pay.Request", property: "way", values: [] }),
    /pay has no pay\.Request\.way/,
  );
});
