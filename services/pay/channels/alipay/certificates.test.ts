import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { checkConfig } from "@mall/kit/config";
import { alipayAccount } from "./config.ts";
import { alipayKeys } from "./keys-config.ts";
import {
  APP_ID,
  accountWith,
  answerOf,
  CERTIFICATES,
  certificate,
  certificateKey,
  certificateNo,
  golden,
  KEYS,
  notifyOf,
  openAlipayWorld,
} from "./test-alipay-world.ts";

const call = new Call();
const trade = { outTradeNo: "o1", channelRef: "", beganAt: 0 };
const DOWNLOAD = "alipay.open.app.alipaycert.download";
const OPEN = {
  ...{ code: "10000", out_trade_no: "o1", trade_no: "T1", total_amount: "1.00" },
  trade_status: "WAIT_BUYER_PAY",
};
const NOTIFY = {
  ...{ notify_id: "n1", app_id: APP_ID, trade_no: "T1", out_trade_no: "o1" },
  ...{ total_amount: "1.00", trade_status: "TRADE_SUCCESS" },
};

/** A world whose Alipay signs with one certificate, and gives out another (or the same) when it is asked. */
function openCertified(signer: string, given = signer, between = "mid") {
  const world = openAlipayWorld(accountWith(CERTIFICATES));
  world.answer = ({ method }) => {
    const content = Buffer.from(certificate(given) + certificate(between)).toString("base64");
    if (method === DOWNLOAD) return answerOf(method, { code: "10000", alipay_cert_content: content });
    return answerOf(method, OPEN, { key: certificateKey(signer), sn: certificateNo(signer) });
  };
  return world;
}

type World = ReturnType<typeof openCertified>;
const kindOf = async (world: World) => (await world.channel.query(call, trade)).kind;
const methods = (world: World) => world.asked.map(({ method }) => method.split(".").at(-1));
const notified = (world: World, signer: string, sn?: string) => {
  const told = { ...NOTIFY, ...(sn !== undefined && { alipay_cert_sn: sn }) };
  return world.channel.parseNotify(call, notifyOf(told, certificateKey(signer)), world.runtime.now());
};

describe("in certificate mode", () => {
  it("the keys end with the certificate that ends first, or before it where the configuration says so", () => {
    const ends = [certificate("app"), certificate("alipay")].map((pem) =>
      Date.parse(new X509Certificate(pem).validTo),
    );
    assert.equal(openAlipayWorld(accountWith(CERTIFICATES)).channel.keysEndAt?.(), Math.min(...ends));
    const [own] = CERTIFICATES.PrivateKeys;
    const sooner = { ...CERTIFICATES, PrivateKeys: [{ ...own, NotAfter: "2026-12-24T00:00:00Z" }] };
    assert.equal(
      openAlipayWorld(accountWith(sooner)).channel.keysEndAt?.(),
      Date.parse("2026-12-24T00:00:00Z"),
    );
    assert.equal(openAlipayWorld(accountWith(KEYS)).channel.keysEndAt?.(), undefined);
  });

  it("requests name the app's certificate and the roots", async () => {
    const world = openCertified("alipay");
    assert.equal(await kindOf(world), "yes");
    const { parameters } = world.asked[0] ?? assert.fail("nothing was asked");
    assert.equal(parameters.get("app_cert_sn"), certificateNo("app"));
    assert.equal(parameters.get("alipay_root_cert_sn"), golden.rootsNumber);
    assert.deepEqual(methods(world), ["query"]);
  });

  it("a yes must name its certificate, a refusal need not", async () => {
    const world = openCertified("alipay");
    const key = certificateKey("alipay");
    world.answer = ({ method }) => answerOf(method, OPEN, { key });
    assert.equal(await kindOf(world), "unknown");
    world.answer = ({ method }) => answerOf(method, { code: "40006" }, { key });
    assert.equal(await kindOf(world), "no");
  });

  it("a certificate that is not known is asked for once, and believed", async () => {
    const world = openCertified("next");
    assert.deepEqual([await kindOf(world), await kindOf(world)], ["yes", "yes"]);
    assert.deepEqual(methods(world), ["query", "download", "query"]);
    assert.deepEqual(world.asked[1]?.content, { alipay_cert_sn: certificateNo("next") });
    assert.equal((await notified(world, "next", certificateNo("next"))).kind, "trade");
    assert.equal(world.asked.length, 3);
  });

  it("none is believed that is another, over, of somebody else, or does not lead to a root", async () => {
    for (const signer of ["expired", "stranger", "bylead", "app"]) {
      assert.equal(await kindOf(openCertified(signer)), "unknown", signer);
      assert.equal(await kindOf(openCertified(signer, signer, "strange")), "unknown", signer);
      await assert.rejects(notified(openCertified(signer), signer, certificateNo(signer)), {
        reason: "CHANNEL_UNAVAILABLE",
      });
    }
    assert.equal(await kindOf(openCertified("next", "alipay")), "unknown");
    assert.equal(await kindOf(openCertified("next", "next", "root2")), "unknown");
  });

  it("a notification goes by the certificate that it names, or by all that are known", async () => {
    const world = openCertified("next");
    for (const sn of [undefined, certificateNo("alipay")])
      assert.equal((await notified(world, "alipay", sn)).kind, "trade");
    const forged = { reason: "NOTIFY_FORGED" };
    await assert.rejects(notified(world, "next"), forged);
    await assert.rejects(notified(world, "next", certificateNo("alipay")), forged);
    for (const sn of ["", "x", "f".repeat(33), "../".repeat(20)])
      await assert.rejects(notified(world, "alipay", sn), forged);
    assert.deepEqual(world.asked, []);
  });

  it("whoever sends notifications has certificates asked for now and then, and keeps no answer from it", async () => {
    const world = openCertified("next");
    for (let count = 0; count < 20; count += 1) {
      const sn = count.toString(16).padStart(32, "0");
      await assert.rejects(notified(world, "alipay", sn), { reason: "CHANNEL_UNAVAILABLE" });
    }
    assert.deepEqual(methods(world), ["download"]);
    assert.equal(await kindOf(world), "yes");
    world.runtime.advance(10_000);
    await assert.rejects(notified(world, "alipay", "e".repeat(32)), { reason: "CHANNEL_UNAVAILABLE" });
    assert.deepEqual(methods(world), ["download", "query", "download", "download"]);
  });
});

describe("the configuration of an account", () => {
  const wrong = (keys: object, message: RegExp): void => {
    assert.throws(
      () => checkConfig("test", keys, alipayKeys),
      (error: Error) => {
        assert.match(error.message.replaceAll(": ", " "), message);
        // Of a key nothing is shown.
        assert.ok(!/MII|BEGIN/.test(error.message), error.message);
        return true;
      },
    );
  };
  const { app, alipay, short } = golden.keys;

  it("is refused with the key and the rule", () => {
    wrong({ ...KEYS, PrivateKeys: [] }, /PrivateKeys expected at least 1/);
    wrong(
      { ...KEYS, PrivateKeys: [{ PrivateKey: alipay.public }] },
      /PrivateKeys\[0\].PrivateKey must be an RSA private/,
    );
    wrong({ ...KEYS, AlipayPublicKeys: [] }, /AlipayPublicKeys must hold a key/);
    wrong({ ...KEYS, AlipayPublicKeys: [{ PublicKey: "MII?" }] }, /PublicKey must be an RSA public/);
    wrong({ ...KEYS, AlipayPublicKeys: [{ PublicKey: app.pkcs8 }] }, /PublicKey must be an RSA public/);
    wrong({ ...KEYS, AlipayPublicKeys: [{ PublicKey: short.public }] }, /PublicKey must be an RSA public/);
    wrong({ ...KEYS, AlipayPublicKeys: [{ PublicKey: app.public }] }, /PublicKey is the app's own/);
    wrong({ ...KEYS, PrivateKeys: CERTIFICATES.PrivateKeys }, /Certificate needs RootCertificates/);
    wrong({ ...CERTIFICATES, PrivateKeys: KEYS.PrivateKeys }, /Certificate must be of the private key/);
    wrong({ ...CERTIFICATES, AlipayCertificates: [] }, /AlipayCertificates must hold a certificate/);
    wrong({ ...CERTIFICATES, AlipayPublicKeys: KEYS.AlipayPublicKeys }, /AlipayPublicKeys must be empty/);
    for (const name of ["stranger", "next"])
      wrong(
        { ...CERTIFICATES, AlipayCertificates: [{ Certificate: certificate(name) }] },
        /Certificate must lead to/,
      );
    wrong({ ...CERTIFICATES, RootCertificates: "x" }, /RootCertificates must be certificates/);
    wrong(
      { ...CERTIFICATES, AlipayCertificates: [{ Certificate: certificate("ecroot") }] },
      /must begin with a certificate of an RSA/,
    );
  });

  it("takes keys as PEM too, and what it says is read a second time", () => {
    const pem = (type: string, text: string) =>
      `-----BEGIN ${type}-----\n${text.match(/.{1,64}/g)?.join("\n")}\n-----END ${type}-----\n`;
    const keys = checkConfig(
      "test",
      {
        PrivateKeys: [
          { PrivateKey: pem("RSA PRIVATE KEY", app.pkcs1) },
          { PrivateKey: pem("PRIVATE KEY", app.pkcs8) },
        ],
        AlipayPublicKeys: [
          { PublicKey: pem("PUBLIC KEY", alipay.public), NotAfter: "2027-01-01T00:00:00+08:00" },
        ],
      },
      alipayKeys,
    );
    assert.deepEqual(checkConfig("test", keys, alipayKeys), keys);
    const account = accountWith(KEYS);
    assert.deepEqual(checkConfig("test", account, alipayAccount), account);
    assert.equal(account.Name, "alipay");
  });
});
