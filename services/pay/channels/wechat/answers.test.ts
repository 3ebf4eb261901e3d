import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { HttpAnswer } from "@mall/kit/http";
import type { Answer, PayProduct } from "../channel.ts";
import { tradeRef } from "../test-channel-conformance.ts";
import { flipped, mutationsAt } from "./test-mutations.ts";
import { encrypted, openVectorWorld, sealed, vectors } from "./test-vectors.ts";

const call = new Call();
const NUMBER = "P17N1X";
const { mchid, appid } = vectors;

const TRADE = {
  ...{ transaction_id: "4200001234", mchid, appid, out_trade_no: NUMBER, trade_state: "SUCCESS" },
  success_time: "2026-11-28T22:38:50+08:00",
  amount: { total: 100, payer_total: 90, currency: "CNY" },
};
const REFUND = {
  ...{ out_trade_no: NUMBER, out_refund_no: "R5", refund_id: "5030", status: "SUCCESS" },
  amount: { refund: 60, total: 100, currency: "CNY" },
};
const [LISTED] = JSON.parse(vectors.certificates.body).data;

const world = openVectorWorld();
const { channel } = world;

const refund = { trade: tradeRef(NUMBER), refundNo: "R5", amount: 60, total: 100, currency: "CNY" };
const query = () => channel.query(call, tradeRef(NUMBER));
const close = () => channel.close(call, tradeRef(NUMBER));
const makeRefund = () => channel.refund(call, refund);
const queryRefund = () => channel.queryRefund(call, refund);
function prepay(product: PayProduct = "qr", more: object = {}) {
  const asked = { outTradeNo: NUMBER, amount: 100, currency: "CNY", subject: "订单 17", product };
  return channel.prepay(call, { ...asked, expireAt: vectors.now + 600_000, ...more });
}

function answering(answer: HttpAnswer): void {
  world.reply = () => answer;
}

const json = (message: object, status = 200): HttpAnswer => sealed(JSON.stringify(message), { status });
const refusal = (status: number, code: string): HttpAnswer => json({ code, message: "no" }, status);
const unsigned = ({ status, body }: HttpAnswer): HttpAnswer => ({ status, headers: {}, body });

async function assertKind(
  kind: Answer<unknown>["kind"],
  ask: () => Promise<Answer<unknown>>,
  what: string,
): Promise<void> {
  const answer = await ask();
  assert.equal(answer.kind, kind, `${what}: ${JSON.stringify(answer)}`);
}

describe("an answer of WeChat Pay", () => {
  it("counts where WeChat Pay signed it lately, also an empty one", async () => {
    for (const [ask, answer] of [
      [query, json(TRADE)],
      [close, sealed("", { status: 204 })],
      [makeRefund, json(REFUND)],
      [queryRefund, json(REFUND)],
      [prepay, json({ code_url: "weixin://wxpay/bizpayurl?pr=1" })],
    ] as const) {
      answering(answer);
      await assertKind("yes", ask, "genuine");
      const changed = [...flipped(answer.body)].filter((_, at) => ask === query || at % 10 === 0);
      const bodies = changed.map((body) => ({ ...answer, body }));
      const late = [-302_000, 302_000].map((apart) =>
        sealed(answer.body, { status: answer.status, at: vectors.now + apart }),
      );
      const ofAnother = sealed(answer.body, { status: answer.status, serial: "PUB_KEY_ID_0999" });
      for (const other of [...bodies, ...late, ofAnother, unsigned(answer), { ...answer, status: 202 }]) {
        answering(other);
        await assertKind("unknown", ask, `${other.status} ${Buffer.from(other.body)}`);
      }
    }
  });

  it("is none where it holds something else than it must, though it is signed", async () => {
    const inTrade = Object.keys(TRADE).flatMap((key) => (key === "amount" ? [key, "amount.total"] : [key]));
    const inRefund = Object.keys(REFUND).flatMap((key) =>
      key === "amount" ? [key, "amount.refund"] : [key],
    );
    for (const [ask, message, paths] of [
      [query, TRADE, inTrade],
      [makeRefund, REFUND, [...inRefund, "amount.total"]],
      [queryRefund, REFUND, inRefund],
    ] as const) {
      for (const { what, text } of paths.flatMap((path) => mutationsAt(message, path))) {
        answering(sealed(text));
        await assertKind("unknown", ask, what);
      }
    }
    for (const [product, field] of [
      ["qr", "code_url"],
      ["jsapi", "prepay_id"],
      ["app", "prepay_id"],
      ["h5", "h5_url"],
    ] as const) {
      for (const { what, text } of mutationsAt({ [field]: "https://wx.test/" }, field)) {
        answering(sealed(text));
        await assertKind("unknown", () => prepay(product, { payerId: "o1", clientAddress: "1.2.3.4" }), what);
      }
    }
  });

  it("is none where it is about another app, merchant, number or amount", async () => {
    for (const other of [{ appid: "wx0" }, { mchid: "1999999999" }, { out_trade_no: "P17N2X" }]) {
      answering(json({ ...TRADE, ...other }));
      await assertKind("unknown", query, JSON.stringify(other));
    }
    const amounts = [{ refund: 61 }, { total: 101 }, { currency: "USD" }].map((other) => ({
      amount: { ...REFUND.amount, ...other },
    }));
    for (const other of [{ out_trade_no: "P17N2X" }, { out_refund_no: "R6" }, ...amounts]) {
      answering(json({ ...REFUND, ...other }));
      await assertKind("unknown", makeRefund, JSON.stringify(other));
    }
  });

  it("says how a trade and a refund stand; a state that is not known says nothing", async () => {
    for (const [trade_state, state] of [
      ["NOTPAY", "open"],
      ["USERPAYING", "open"],
      ["PAYERROR", "open"],
      ["CLOSED", "closed"],
      ["REVOKED", "closed"],
      ["REFUND", "paid"],
      ["ACCEPT", undefined],
    ] as const) {
      answering(json({ ...TRADE, trade_state }));
      const answer = await query();
      assert.equal(answer.kind === "yes" ? answer.value.state : undefined, state, trade_state);
    }
    for (const [status, state] of [
      ["PROCESSING", "processing"],
      ["ABNORMAL", "stuck"],
      ["CLOSED", "failed"],
      ["REFUSED", undefined],
    ] as const) {
      answering(json({ ...REFUND, status }));
      const answer = await queryRefund();
      assert.equal(answer.kind === "yes" ? answer.value.state : undefined, state, status);
    }
  });

  it("is a refusal in WeChat Pay's own form only, and not where it is too much at once or an error", async () => {
    answering(refusal(403, "NOT_ENOUGH"));
    assert.deepEqual(
      { ...(await makeRefund()) },
      { kind: "no", reason: "NOT_ENOUGH", message: "no", status: 403, isSigned: true },
    );
    const { headers, body } = refusal(403, "NOT_ENOUGH");
    const html = { status: 403, headers: {}, body: Buffer.from("<html>403</html>") };
    const others = [
      ...[301, 302, 408, 429, 500, 502].map((status) => refusal(status, "SYSTEM_ERROR")),
      ...[html, { status: 404, headers: {}, body: new Uint8Array() }],
      ...[...flipped(body)].map((changed) => ({ status: 403, headers, body: changed })),
      ...["code", "message"].flatMap((path) =>
        mutationsAt({ code: "NOT_ENOUGH", message: "no" }, path, [
          ...(path === "message"
            ? (["an empty text", "control characters", "an enormous text"] as const)
            : []),
        ]).map(({ text }) => sealed(text, { status: 403 })),
      ),
    ];
    for (const other of others) {
      answering(other);
      await assertKind("unknown", makeRefund, `${other.status} ${Buffer.from(other.body).subarray(0, 80)}`);
    }
  });

  it("of no trade or refund says so; of another path it says nothing", async () => {
    for (const [ask, code] of [
      [query, "ORDER_NOT_EXIST"],
      [query, "ORDERNOTEXIST"],
      [close, "ORDER_NOT_EXIST"],
      [queryRefund, "RESOURCE_NOT_EXISTS"],
    ] as const) {
      for (const answer of [refusal(404, code), unsigned(refusal(404, code))]) {
        answering(answer);
        const told = await ask();
        assert.ok(told.kind === "yes");
        assert.equal(told.value.state, "absent");
      }
      answering(refusal(404, "NOT_FOUND"));
      await assertKind("no", ask, code);
    }
  });

  it("that refuses a prepay and is not signed counts where nothing is open then", async () => {
    const first = unsigned(refusal(400, "PARAM_ERROR"));
    for (const [then, kind] of [
      [refusal(404, "ORDER_NOT_EXIST"), "no"],
      [json({ ...TRADE, trade_state: "CLOSED" }), "no"],
      [json({ ...TRADE, trade_state: "NOTPAY" }), "unknown"],
      [unsigned(refusal(401, "SIGN_ERROR")), "unknown"],
      [sealed("", { status: 500 }), "unknown"],
    ] as const) {
      world.reply = ({ method }) => (method === "POST" ? first : then);
      await assertKind(kind, prepay, `${then.status}`);
    }
  });

  it("that refuses a close leads to the question where the trade stands", async () => {
    for (const [then, value] of [
      [json(TRADE), "paid"],
      [json({ ...TRADE, trade_state: "CLOSED" }), "closed"],
      [refusal(404, "ORDER_NOT_EXIST"), "absent"],
      [json({ ...TRADE, trade_state: "USERPAYING" }), "no"],
      [sealed("", { status: 500 }), "unknown"],
    ] as const) {
      world.reply = ({ method }) => (method === "POST" ? refusal(400, "ORDERPAID") : then);
      const answer = await close();
      assert.equal(answer.kind === "yes" ? answer.value.state : answer.kind, value);
    }
  });

  it("with certificates is none where one of them is not as it must be", async () => {
    const ofCertificates = openVectorWorld({
      Keys: {
        MerchantKeys: [{ Serial: vectors.merchantSerial, PrivateKey: vectors.merchantKey }],
        ApiV3Keys: [{ Key: vectors.apiV3Key }],
      },
    });
    const { platformSerial: serial } = vectors;
    const genuine = vectors.certificates.body;
    const sealedPaths = ["algorithm", "ciphertext", "nonce", "associated_data"];
    const paths = [...Object.keys(LISTED), ...sealedPaths.map((key) => `encrypt_certificate.${key}`)];
    const listings = [
      ...paths.flatMap((path) => mutationsAt(LISTED, path)),
      { what: "no certificate", text: JSON.stringify({ ...LISTED, encrypt_certificate: encrypted("none") }) },
      { what: "another number", text: JSON.stringify(LISTED).replace("0A1B", "0A1C") },
    ].map(({ what, text }) => ({ what, answer: sealed(`{"data":[${text}]}`, { serial }) }));
    const others = [
      { what: "none", answer: sealed('{"data":[]}', { serial }) },
      { what: "unsigned", answer: { status: 200, headers: {}, body: Buffer.from(genuine) } },
      { what: "by another", answer: sealed(genuine, { serial: "0A1B2C" }) },
      { what: "refused", answer: sealed('{"code":"NO_AUTH","message":"no"}', { status: 403, serial }) },
    ];
    for (const { what, answer } of [...listings, ...others]) {
      ofCertificates.reply = ({ url }) =>
        url.endsWith("/v3/certificates") ? answer : sealed(JSON.stringify(TRADE), { serial });
      await assertKind("unknown", () => ofCertificates.channel.query(call, tradeRef(NUMBER)), what);
    }
    // Where no key is named, one of the public-key mode may sign.
    ofCertificates.reply = ({ url, headers: { "wechatpay-serial": named } }) =>
      sealed(
        url.endsWith("/v3/certificates") ? genuine : JSON.stringify(TRADE),
        named ? { serial: named } : {},
      );
    await assertKind("yes", () => ofCertificates.channel.query(call, tradeRef(NUMBER)), "genuine");
  });
});
