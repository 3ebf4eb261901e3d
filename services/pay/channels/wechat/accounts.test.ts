import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { createTestFolder } from "@mall/kit/testing";
import { tradeRef } from "../test-channel-conformance.ts";
import {
  encrypted,
  openVectorWorld,
  sealed,
  type VectorWorld,
  vectorAccount,
  vectors,
} from "./test-vectors.ts";

const call = new Call();
const MINUTE_MS = 60_000;
const MERCHANT_KEY = { Serial: vectors.merchantSerial, PrivateKey: vectors.merchantKey };
const API_V3_KEY = { Key: vectors.apiV3Key };

/** The number of the key that the next request is signed with, if it is sent. */
async function signedWith(world: VectorWorld): Promise<string | undefined> {
  const before = world.requests.length;
  await world.channel.query(call, tradeRef("PAY001"));
  return /serial_no="([^"]*)"/.exec(world.requests.slice(before)[0]?.headers.authorization ?? "")?.[1];
}

describe("an account at WeChat Pay", () => {
  it("is refused by name of the key that is wrong, and no secret is told", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const ofCurve = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const keys = { MerchantKeys: [MERCHANT_KEY], ApiV3Keys: [API_V3_KEY] };
    for (const [changes, key] of [
      [{ MchId: "mch" }, "MchId"],
      [{ AppId: "wx 1" }, "AppId"],
      [{ Name: "weixin" }, "Name"],
      [{ Gateway: "https://api.mch.weixin.qq.com/" }, "Gateway"],
      [{ NotifyUrl: "http://shop.test/notify" }, "NotifyUrl"],
      [{ NotifyUrl: "https://shop.test/notify?a=1" }, "NotifyUrl"],
      [{ Keys: { ...keys, MerchantKeys: [] } }, "MerchantKeys"],
      [{ Keys: { ...keys, MerchantKeys: [{ ...MERCHANT_KEY, Serial: "0x1" }] } }, "MerchantKeys[0].Serial"],
      [
        { Keys: { ...keys, MerchantKeys: [{ Serial: "A1", PrivateKey: ofCurve }] } },
        "MerchantKeys[0].PrivateKey",
      ],
      [{ Keys: { ...keys, ApiV3Keys: [{ Key: "too short a secret" }] } }, "ApiV3Keys[0].Key"],
      [{ Keys: { ...keys, PublicKeys: [{ Id: "0119", Key: vectors.publicKey }] } }, "PublicKeys[0].Id"],
      [{ Keys: { ...keys, PublicKeys: [{ Id: "PUB_KEY_ID_1", Key: "-----" }] } }, "PublicKeys[0].Key"],
    ] as const) {
      assert.throws(
        () => vectorAccount(changes),
        (error: Error) => error.message.includes(key) && !/secret|BEGIN|EC/.test(error.message),
        key,
      );
    }
    assert.equal(vectorAccount().Gateway, "https://api.mch.weixin.qq.com");
    assert.throws(() => openVectorWorld({ Keys: undefined }), {
      reason: "CONFIG_UNUSABLE",
      message: /no keys/,
    });
  });

  it("signs with the merchant's key of the time, and with none where none is of it", async () => {
    const at = (ms: number): string => new Date(vectors.now + ms).toISOString();
    const MerchantKeys = [
      { ...MERCHANT_KEY, Serial: "0A", NotAfter: at(3 * MINUTE_MS) },
      { ...MERCHANT_KEY, Serial: "0B", NotBefore: at(MINUTE_MS), NotAfter: at(2 * MINUTE_MS) },
    ];
    const PublicKeys = [{ Id: vectors.publicKeyId, Key: vectors.publicKey }];
    const world = openVectorWorld({ Keys: { MerchantKeys, ApiV3Keys: [API_V3_KEY], PublicKeys } });
    const serials: (string | undefined)[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      serials.push(await signedWith(world));
      world.runtime.advance(MINUTE_MS);
    }
    assert.deepEqual(serials, ["0A", "0B", "0A", undefined]);
  });

  it("takes new keys from its file while the process runs, and opens what was encrypted by any of them", async () => {
    const file = join(createTestFolder(), "keys.yaml");
    const put = (serial: string, apiV3Keys: readonly string[]): void => {
      const keys = {
        MerchantKeys: [{ ...MERCHANT_KEY, Serial: serial }],
        ApiV3Keys: apiV3Keys.map((Key) => ({ Key })),
        PublicKeys: [{ Id: vectors.publicKeyId, Key: vectors.publicKey }],
      };
      writeFileSync(`${file}.new`, JSON.stringify(keys));
      renameSync(`${file}.new`, file);
    };
    const next = "the next key, also of 32 bytes..";
    put("0A", [vectors.apiV3Key]);
    const world = openVectorWorld({ Keys: undefined, KeysFile: file });
    const isTaken = async (key: string): Promise<boolean> => {
      const resource = encrypted("{}", key);
      const notify = sealed(JSON.stringify({ id: "EV-1", event_type: "SECURITY_ECHO.SUCCESS", resource }));
      return world.channel.parseNotify(call, notify, vectors.now).then(
        () => true,
        () => false,
      );
    };
    const seen = async () => [await signedWith(world), await isTaken(vectors.apiV3Key), await isTaken(next)];
    assert.deepEqual(await seen(), ["0A", true, false]);
    put("0B", [vectors.apiV3Key, next]);
    world.runtime.advance(1000);
    assert.deepEqual(await seen(), ["0B", true, true]);
    put("0B", [next]);
    world.runtime.advance(1000);
    assert.deepEqual(await seen(), ["0B", false, true]);
  });
});
