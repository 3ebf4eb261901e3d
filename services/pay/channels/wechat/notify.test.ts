import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ParsedNotify, RawNotify } from "../channel.ts";
import { flipped, mutationsAt } from "./test-mutations.ts";
import { encrypted, openVectorWorld, sealed, vectors } from "./test-vectors.ts";

const call = new Call();
const SECOND_MS = 1000;

const TRADE = {
  transaction_id: "4200001234",
  mchid: vectors.mchid,
  appid: vectors.appid,
  out_trade_no: "P17N1X",
  trade_state: "SUCCESS",
  success_time: "2026-11-28T22:38:50+08:00",
  amount: { total: 100, payer_total: 90, currency: "CNY" },
};
const REFUND = {
  mchid: vectors.mchid,
  out_trade_no: "P17N1X",
  out_refund_no: "R5",
  refund_id: "5030",
  refund_status: "SUCCESS",
};

const world = openVectorWorld();

function read(notify: RawNotify, now = vectors.now): Promise<ParsedNotify> {
  return world.channel.parseNotify(call, notify, now);
}

async function assertForged(notify: RawNotify, what: string, now = vectors.now): Promise<void> {
  await assert.rejects(
    read(notify, now),
    (error) => {
      assert.ok(error instanceof AppError, `${what}: ${error}`);
      assert.deepEqual([error.code, error.reason], ["UNAUTHENTICATED", "NOTIFY_FORGED"], what);
      return true;
    },
    what,
  );
}

function envelope(subject: string | object, event_type = "TRANSACTION.SUCCESS"): object {
  const text = typeof subject === "string" ? subject : JSON.stringify(subject);
  return { id: "EV-1", event_type, resource: encrypted(text) };
}

function posted(subject: string | object, event_type?: string): RawNotify {
  return sealed(JSON.stringify(envelope(subject, event_type)));
}

describe("a notification of WeChat Pay", () => {
  it("is taken within 300 seconds of its own clock, and not beyond", async () => {
    for (const [apart, isTaken] of [
      [299, true],
      [-299, true],
      [302, false],
      [-302, false],
    ] as const) {
      const notify = posted(TRADE);
      const now = vectors.now + apart * SECOND_MS;
      if (isTaken) assert.equal((await read(notify, now)).eventKey, "EV-1");
      else await assertForged(notify, String(apart), now);
    }
  });

  it("is of one kind of signature, by a key of the account's, and no probe", async () => {
    const { headers, body } = posted(TRADE);
    const withHeader = (name: string, value: string | undefined): RawNotify => {
      const { [`wechatpay-${name}`]: _gone, ...others } = headers;
      return { headers: { ...others, ...(value !== undefined && { [`wechatpay-${name}`]: value }) }, body };
    };
    assert.equal((await read(withHeader("signature-type", undefined))).eventKey, "EV-1");
    const signature = headers["wechatpay-signature"] ?? "";
    for (const [name, value] of [
      ["signature-type", "WECHATPAY2-SM2-WITH-SM3"],
      ["signature", `WECHATPAY/SIGNTEST/${signature.slice(19)}`],
      ["signature", `${signature} `],
      ["signature", `${signature}=`],
      ["signature", signature.replace(/.==$/, (end) => (end === "A==" ? "B==" : "A=="))],
      ["timestamp", `0${headers["wechatpay-timestamp"]}`],
      ["timestamp", `${headers["wechatpay-timestamp"]}.0`],
      ["serial", `${vectors.publicKeyId}0`],
      ["serial", vectors.publicKeyId.toLowerCase()],
      ["serial", ""],
      ["nonce", ""],
      ["nonce", "9".repeat(70_000)],
    ] as const) {
      await assertForged(withHeader(name, value), `${name} ${value.slice(0, 50)}`);
    }
  });

  it("is not believed with any of its bytes changed", async () => {
    const { headers, body } = posted(TRADE);
    for (const changed of flipped(body)) await assertForged({ headers, body: changed }, "a byte of the body");
    for (const name of ["timestamp", "nonce", "serial", "signature"]) {
      const key = `wechatpay-${name}`;
      for (const changed of flipped(Buffer.from(headers[key] ?? ""))) {
        const value = Buffer.from(changed).toString("latin1");
        await assertForged({ headers: { ...headers, [key]: value }, body }, `${name} ${value}`);
      }
    }
  });

  it("is not believed where it is encrypted by another key, or its bytes were changed after that", async () => {
    const { resource } = { resource: encrypted(JSON.stringify(TRADE)) as { ciphertext: string } };
    const bytes = Buffer.from(resource.ciphertext, "base64");
    const others = [
      encrypted(JSON.stringify(TRADE), "another key of exactly 32 bytes!"),
      { ...resource, nonce: "fdasflkja485" },
      { ...resource, associated_data: "transactio" },
      { ...resource, associated_data: null },
      { ...resource, algorithm: "AEAD_AES_256_CBC" },
      { ...resource, ciphertext: bytes.subarray(0, 15).toString("base64") },
      ...[...flipped(bytes)].map((changed) => ({
        ...resource,
        ciphertext: Buffer.from(changed).toString("base64"),
      })),
    ];
    for (const other of others) {
      const text = JSON.stringify({ id: "EV-1", event_type: "TRANSACTION.SUCCESS", resource: other });
      await assertForged(sealed(text), text);
    }
  });

  it("is not believed where WeChat Pay signs what it never writes", async () => {
    const ofResource = ["algorithm", "ciphertext", "nonce", "associated_data"].map(
      (key) => `resource.${key}`,
    );
    for (const path of ["id", "event_type", "resource", ...ofResource]) {
      for (const { what, text } of mutationsAt(envelope(TRADE), path)) await assertForged(sealed(text), what);
    }
    const texts = ["", "null", "[]", "{", '"', `${"[".repeat(5000)}`, "\ufeff{}"];
    for (const text of texts) await assertForged(sealed(text), text.slice(0, 20));
    await assertForged(sealed(Uint8Array.of(0xff, 0xfe, 0x7b)), "no UTF-8");
  });

  it("is not believed where what is in it is missing, mistyped, enormous or there twice", async () => {
    const paths = Object.keys(TRADE).flatMap((path) => (path === "amount" ? [path, "amount.total"] : [path]));
    for (const { what, text } of [
      ...paths.flatMap((path) => mutationsAt(TRADE, path)),
      // Documented as one that may be missing.
      ...mutationsAt(TRADE, "amount.currency", ["missing"]),
    ]) {
      await assertForged(posted(text), what);
    }
    for (const { what, text } of Object.keys(REFUND).flatMap((path) => mutationsAt(REFUND, path))) {
      await assertForged(posted(text, "REFUND.SUCCESS"), what);
    }
  });

  it("is refused where it is about another app or merchant", async () => {
    await assertForged(posted({ ...TRADE, appid: "wx0000000000000000" }), "app");
    await assertForged(posted({ ...TRADE, mchid: "1999999999" }), "merchant");
    await assertForged(posted({ ...REFUND, mchid: "1999999999" }, "REFUND.SUCCESS"), "merchant of a refund");
  });

  it("tells where a trade or a refund stands, and leads to a question where it says something new", async () => {
    const hintOf = async (subject: object, event?: string) => {
      const told = await read(posted(subject, event));
      return told.kind === "dispute" ? undefined : told.hint;
    };
    assert.deepEqual(await hintOf({ ...TRADE, trade_state: "CLOSED" }), { state: "closed" });
    assert.deepEqual(await hintOf({ ...TRADE, trade_state: "NEVER_HEARD_OF" }), { state: "open" });
    const noCurrency = { ...TRADE, amount: { total: 100 } };
    assert.deepEqual(await hintOf(noCurrency), await hintOf(TRADE));
    for (const [refund_status, state] of [
      ["SUCCESS", "succeeded"],
      ["CLOSED", "failed"],
      ["ABNORMAL", "stuck"],
      ["PROCESSING", "processing"],
      ["NEVER_HEARD_OF", "processing"],
    ] as const) {
      const hint = await hintOf({ ...REFUND, refund_status }, `REFUND.${refund_status}`);
      assert.deepEqual(hint, {
        state,
        ...(refund_status !== "NEVER_HEARD_OF" && { channelRefundNo: "5030" }),
      });
    }
  });

  it("of something else than payments is kept, and about none of ours", async () => {
    const echo = await read(posted({ echo: "hello" }, "SECURITY_ECHO.SUCCESS"));
    assert.deepEqual([echo.eventKey, echo.outTradeNo], ["EV-1", ""]);
  });
});
