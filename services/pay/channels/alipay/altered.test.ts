import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import fc from "fast-check";
import type { ParsedNotify } from "../channel.ts";
import { AlipayClient } from "./alipay-client.ts";
import { cutAnswer } from "./cut-answer.ts";
import { publicKeyOf } from "./key-text.ts";
import { rawMembers } from "./raw-members.ts";
import { answerOf, formNotify, golden, openAlipayWorld } from "./test-alipay-world.ts";

const METHOD = "alipay.trade.query";
const call = new Call();
const key = publicKeyOf(golden.keys.alipay.public);
const TOLD = {
  code: "10000",
  out_trade_no: "o1",
  trade_no: "T1",
  total_amount: "88.80",
  trade_status: "TRADE_SUCCESS",
};

/** How an answer with this body ends. */
async function endOf(body: Uint8Array): Promise<string> {
  const theirs = { areCertified: false, ofAnswer: async () => [key] };
  const client = new AlipayClient({ exchange: async () => cutAnswer(body, METHOD) }, theirs);
  return (await client.ask(call, { method: METHOD, content: {} })).kind;
}

const { channel, runtime } = openAlipayWorld();

/** What a notification with this body says; undefined where it is refused, as every other must be. */
async function told(body: string | Uint8Array): Promise<ParsedNotify | undefined> {
  const notify = typeof body === "string" ? formNotify(body) : { headers: {}, body };
  try {
    return await channel.parseNotify(call, notify, runtime.now());
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    assert.deepEqual([error.code, error.reason], ["UNAUTHENTICATED", "NOTIFY_FORGED"]);
    return undefined;
  }
}

/** A body with each of its bytes changed, one at a time: every other in its case, where it is a letter. */
function* changed(body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += 1) {
    const other = Uint8Array.from(body);
    other[at] = (body[at] ?? 0) ^ (at % 2 === 0 ? 0x01 : 0x20);
    yield other;
  }
}

const JUNK = [
  "",
  " ",
  "0",
  "null",
  "a".repeat(100_000),
  "%",
  "\u0000",
  "中",
  "\ud800",
  "&",
  "=",
  '"',
  "88.8",
  "-1",
];

describe("an answer that was altered is unknown", () => {
  it("byte by byte", async () => {
    const { body } = answerOf(METHOD, { ...TOLD, note: "中" });
    assert.equal(await endOf(body), "yes");
    for (const other of changed(body)) {
      assert.equal(await endOf(other), "unknown", Buffer.from(other).toString());
    }
    for (let length = 0; length < body.length; length += 7)
      assert.equal(await endOf(body.subarray(0, length)), "unknown");
  });

  it("in what encoding it came", async () => {
    const { body } = answerOf(METHOD, { ...TOLD, note: "中" });
    const text = Buffer.from(body).toString("utf8");
    const encodings = [
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text, "utf16le"),
      Buffer.from(text, "latin1"),
    ];
    for (const bytes of encodings) assert.equal(await endOf(bytes), "unknown");
  });

  it("whatever the text is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.json()), async (text) => {
        assert.equal(await endOf(Buffer.from(text)), "unknown");
        assert.equal(
          await endOf(Buffer.from(`{"alipay_trade_query_response":${text},"sign":"${text}"}`)),
          "unknown",
        );
      }),
    );
  });
});

describe("the members of an object", () => {
  it("are each as they stand in the text", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()),
        fc.nat(2),
        (object, indent) => {
          const members = rawMembers(JSON.stringify(object, null, indent));
          const read = [...members].map(([name, raw]) => [name, JSON.parse(raw)]);
          assert.deepEqual(
            new Map(read as never),
            new Map(Object.entries(JSON.parse(JSON.stringify(object)))),
          );
        },
      ),
    );
    assert.throws(() => rawMembers('{"a":1,"\\u0061":2}'), SyntaxError);
  });
});

describe("a notification that was altered is refused", () => {
  const paid = golden.notifies.paid ?? "";
  const parameters = Object.fromEntries(new URLSearchParams(paid));

  it("byte by byte, unless it says the same", async () => {
    const genuine = await told(paid);
    assert.ok(genuine !== undefined);
    const content = (body: Uint8Array) =>
      [...new URLSearchParams(Buffer.from(body).toString())].sort().join("\n");
    const right = content(Buffer.from(paid));
    let same = 0;
    for (const other of changed(Buffer.from(paid))) {
      const said = await told(other);
      if (said === undefined) continue;
      // %2f and %2F are one letter.
      assert.equal(content(other), right);
      assert.deepEqual(said, genuine);
      same += 1;
    }
    assert.ok(same > 0);
  });

  it("parameter by parameter: left out, twice, of another value", async () => {
    for (const name of Object.keys(parameters)) {
      const { [name]: value = "", ...others } = parameters;
      const rest = new URLSearchParams(others).toString();
      assert.equal(await told(rest), undefined, name);
      assert.equal(await told(`${paid}&${name}=${encodeURIComponent(value)}`), undefined, name);
      assert.equal(await told(`${paid}&${name}=`), undefined, name);
      for (const junk of JUNK) {
        const other = `${rest}&${name}=${encodeURIComponent(junk.toWellFormed())}`;
        assert.equal(await told(other), undefined, `${name} ${junk.slice(0, 10)}`);
      }
    }
  });

  it("in what encoding it came, and whatever else it is", async () => {
    const { sign = "", ...others } = parameters;
    const raw = Object.entries(others).map(([name, value]) => `${name}=${value}`);
    const forms = [
      Buffer.from(paid, "utf16le"),
      Buffer.from(`${raw.join("&")}&sign=${sign}`, "latin1"),
      Buffer.from(JSON.stringify(parameters)),
      Buffer.from(`${paid} `),
      Buffer.from(`${paid}&more=1`),
      Buffer.from(`\ufeff${paid}`),
      Buffer.alloc(0),
      Buffer.alloc(100_000, "&"),
      Buffer.alloc(100_000, "a=1&"),
      Buffer.alloc(100_000, 0xff),
    ];
    for (const body of forms) assert.equal(await told(body), undefined, body.toString().slice(0, 100));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string()), async (form) => {
        assert.equal(
          await told(new URLSearchParams({ ...form, sign, sign_type: "RSA2" }).toString()),
          undefined,
        );
      }),
    );
  });
});
