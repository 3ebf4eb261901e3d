import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Stripe from "stripe";
import { isSigned } from "./signature.ts";

const NOW = 1_700_000_000_999;
const SECOND = 1_700_000_000;
const PAYLOAD = '{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{}}}';
const secret = "whsec_abc";
const body = Buffer.from(PAYLOAD);
/** By stripe 23.1.0 (npm), generateTestHeaderString. */
const HEX = "e580aa86430ea8babf10a067e61affd1e4d59c941c380690e54202aae307f765";
const HEADER = `t=${SECOND},v1=${HEX}`;

const isGood = (
  header: string | undefined,
  bytes: Uint8Array = body,
  secrets = [secret],
  now = NOW,
): boolean => isSigned(header, bytes, { secrets, now });

describe("a signature of Stripe's", () => {
  it("is the one that its SDK makes and takes", () => {
    assert.ok(isGood(HEADER));
    const { webhooks } = new Stripe("sk_test_0123456789");
    for (const payload of [PAYLOAD, '{"name":"手机 é"}', "{}"]) {
      const header = webhooks.generateTestHeaderString({ payload, secret, timestamp: SECOND });
      assert.ok(isGood(header, Buffer.from(payload)), payload);
      assert.ok(webhooks.constructEvent(payload, header, secret, 300, undefined, NOW));
    }
  });

  it("counts where one of several is by one of our secrets, whatever their order", () => {
    const other = `v1=${"0".repeat(64)}`;
    for (const header of [
      `t=${SECOND},${other},v1=${HEX}`,
      `v1=${HEX},t=${SECOND},${other}`,
      `t=${SECOND},v0=${HEX},v1=${HEX}`,
      `t=${SECOND},v2=anything,v1=${HEX}`,
    ]) {
      assert.ok(isGood(header), header);
      assert.ok(isGood(header, body, ["whsec_new", secret]), header);
    }
    assert.ok(!isGood(`t=${SECOND},v0=${HEX}`));
    assert.ok(!isGood(`t=${SECOND},${other}`));
    assert.ok(!isGood(HEADER, body, ["whsec_new"]));
    assert.ok(!isGood(HEADER, body, []));
  });

  it("holds for its bytes and for five minutes before and after its second", () => {
    const second = SECOND * 1000;
    for (const apart of [-299_000, -1, 0, 299_000]) assert.ok(isGood(HEADER, body, [secret], second + apart));
    for (const apart of [-301_000, 301_000, 31_536_000_000, -31_536_000_000]) {
      assert.ok(!isGood(HEADER, body, [secret], second + apart));
    }
    for (let at = 0; at < body.length; at += 1) {
      const changed = Uint8Array.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.ok(!isGood(HEADER, changed), String(at));
    }
    assert.ok(!isGood(HEADER, Buffer.concat([Buffer.from("\ufeff"), body])));
  });

  it("is none where it is of another form", () => {
    for (const header of [
      undefined,
      "",
      `v1=${HEX}`,
      `t=${SECOND}`,
      `t=${SECOND},t=${SECOND},v1=${HEX}`,
      `t=${SECOND},v1=${HEX},t=1`,
      `t=${SECOND}, v1=${HEX}`,
      `t=+${SECOND},v1=${HEX}`,
      `t=0${SECOND},v1=${HEX}`,
      `t=${SECOND}.0,v1=${HEX}`,
      `t=1.7e9,v1=${HEX}`,
      `t=NaN,v1=${HEX}`,
      `t=,v1=${HEX}`,
      `t=${SECOND},v1=${HEX.toUpperCase()}`,
      `t=${SECOND},v1=${HEX.slice(1)}`,
      `t=${SECOND},v1=${HEX}0`,
      `t=${SECOND};v1=${HEX}`,
      `${HEADER},${"x".repeat(5000)}`,
    ]) {
      assert.ok(!isGood(header), header);
    }
  });
});
