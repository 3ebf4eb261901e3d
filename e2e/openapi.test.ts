import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AUTOMATIC } from "../services/pay/refund/begin-refund.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, personOfRole } from "./support/people.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";

interface Schema {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly not?: object;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: { $ref: string } }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

/** A body of an operation with only what must be there. */
interface Request {
  readonly path: string;
  readonly properties: Readonly<Record<string, Schema>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the values of a field may not be beyond, as the document has it. */
interface Limit {
  readonly path: string;
  readonly field: string;
  readonly inside: unknown;
  readonly outside: unknown;
  readonly body: Readonly<Record<string, unknown>>;
}

const ERRORS = {
  "4XX": { $ref: "#/components/responses/Error" },
  "5XX": { $ref: "#/components/responses/Error" },
};
const SAMPLES = ["1", "123456", "sandbox"];

function sampleOf({ type, minimum = 1, pattern = "", minLength = 0, enum: allowed }: Schema): unknown {
  if (allowed !== undefined) return allowed[0];
  if (type === "array") return [];
  if (type?.includes("integer")) return Math.max(1, minimum);
  if (type?.includes("boolean")) return true;
  return SAMPLES.find((text) => text.length >= minLength && new RegExp(pattern, "u").test(text));
}

/** Values at a limit and beyond it; a character beyond the basic plane is one character. */
function limitsOf({ minimum, maximum, minLength = 0, maxLength, pattern }: Schema): [unknown, unknown][] {
  const limits: [unknown, unknown][] = [];
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) limits.push([minimum, minimum - 1]);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) limits.push([maximum, maximum + 1]);
  if (minLength > 0) limits.push(["\u{1F600}".repeat(minLength), "\u{1F600}".repeat(minLength - 1)]);
  if (maxLength !== undefined)
    limits.push(["\u{1F600}".repeat(maxLength), "\u{1F600}".repeat(maxLength + 1)]);
  if (pattern !== undefined) limits.push([sampleOf({ pattern }), "\u00e9"]);
  return limits;
}

describe("the API description", () => {
  let mall: TestMall;
  let document: Document;
  before(async () => {
    mall = await startTestMall();
    document = (await (await fetch(`${mall.url}/openapi.json`)).json()) as Document;
  });
  after(() => mall.stop());

  const requests = (): Request[] =>
    Object.entries(document.paths).flatMap(([path, { post }]) => {
      const reference = post?.requestBody?.content["application/json"]?.schema?.$ref ?? "";
      const { properties = {}, required = [] } =
        document.components.schemas[reference.split("/").at(-1) ?? ""] ?? {};
      const body = Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));
      return [{ path, properties, body }];
    });

  const limits = (): Limit[] =>
    requests().flatMap(({ path, properties, body }) =>
      Object.entries(properties).flatMap(([field, schema]) =>
        limitsOf(schema).map(([inside, outside]) => ({ path, field, inside, outside, body })),
      ),
    );

  it("says of every operation what errors look like, the caller's and the mall's", () => {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const { responses } of Object.values(item)) {
        assert.deepEqual({ ...responses, ...ERRORS }, responses, path);
      }
    }
  });

  it("says that a body may be left out where it may, and nowhere else", async () => {
    const { token } = personOfRole(gatewayUrls(mall.url), "admin", 1);
    for (const [path, { post }] of Object.entries(document.paths)) {
      if (post?.requestBody?.content["application/json"] === undefined) continue;
      const answer = await fetch(mall.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      });
      const { field } = answer.status === 400 ? ((await answer.json()) as { field?: string }) : {};
      assert.equal(field !== undefined, post.requestBody.required, `${path} ${answer.status}`);
    }
  });

  it("says which fields may be null, and no other field is taken so", async () => {
    const { token } = personOfRole(gatewayUrls(mall.url), "admin", 1);
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    let nullable = 0;
    for (const { path, properties, body } of requests()) {
      for (const [field, { type = "" }] of Object.entries(properties)) {
        const asked = JSON.stringify({ ...body, [field]: null });
        const answer = await fetch(mall.url + path, { method: "POST", headers, body: asked });
        const { msg = "" } = answer.status === 400 ? ((await answer.json()) as { msg?: string }) : {};
        const may = type.includes("null");
        nullable += may ? 1 : 0;
        assert.equal(/mustn't be nil/.test(msg), !may, `${path} ${field} ${answer.status} ${msg}`);
      }
    }
    assert.ok(nullable > 10, `${nullable}`);
  });

  it("names the channels that are configured, and no other is taken", async () => {
    const { channel } = document.components.schemas["pay.PrepayRequest"]?.properties ?? {};
    assert.deepEqual(channel?.enum, ["sandbox"]);
    const admin = await newCustomer(gatewayUrls(mall.url)); // the first user of a fresh mall
    const id = await openPay(admin, await orderOne(admin, await putUp(admin, 1)));
    await assert.rejects(admin.pay.prepay({ id, channel: "other" }), { field: "channel" });
    assert.equal((await admin.pay.prepay({ id, channel: "sandbox" })).channel, "sandbox");
  });

  it("says which numbers of refunds the mall keeps for itself, and which fields exclude each other", async () => {
    const { refundNo } = document.components.schemas["pay.RefundRequest"]?.properties ?? {};
    const pattern = new RegExp(refundNo?.pattern ?? "", "u");
    for (const own of Object.values(AUTOMATIC)) assert.doesNotMatch(`${own}1`, pattern);
    for (const free of ["back", "my-back-1", "1-gone-"]) assert.match(free, pattern);
    const there = { not: { type: "null" } };
    assert.deepEqual(document.components.schemas["product.UpdateRequest"]?.not, {
      required: ["stockChange", "stock"],
      properties: { stockChange: there, stock: there },
    });
    const { product } = personOfRole(gatewayUrls(mall.url), "admin", 1);
    const both = product.update({ id: 1, stock: 1, stockChange: 1 });
    await assert.rejects(both, { field: "stockChange", code: "INVALID_ARGUMENT" });
  });

  it("tells limits of numbers and texts that are those of the checks: what is inside passes, what is beyond is refused by field", async () => {
    const { token } = personOfRole(gatewayUrls(mall.url), "admin", 1);
    const ask = async (
      path: string,
      body: object,
    ): Promise<{ status: number; field?: string; text: string }> => {
      const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
      const answer = await fetch(mall.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      const text = await answer.text();
      return {
        status: answer.status,
        field: text.startsWith("{") ? JSON.parse(text).field : undefined,
        text,
      };
    };
    const told = limits();
    const texts = told
      .filter(({ inside }) => typeof inside === "string")
      .map(({ path, field }) => `${path} ${field}`);
    for (const known of [
      "/api/user/register mobile",
      "/api/user/register password",
      "/api/pay/refund refundNo",
    ])
      assert.ok(texts.includes(known), `${known} has no limit`);
    for (const { path, field, inside, outside, body } of told) {
      const beyond = await ask(path, { ...body, [field]: outside });
      const what = `${path} ${field}`;
      assert.deepEqual([beyond.status, beyond.field], [400, field], `${what} ${beyond.text}`);
      // Which of its numbers mean something is often the service's own rule, and so is where a browser may be sent.
      if (typeof inside !== "string" || /^\/api\/pay\/(prepay|cashier) returnUrl$/.test(what)) continue;
      const within = await ask(path, { ...body, [field]: inside });
      if (within.status === 400) assert.notEqual(within.field, field, `${what} ${within.text}`);
    }
  });
});
