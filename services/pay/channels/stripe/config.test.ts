import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { isLive, stripeConfig } from "./config.ts";

const SUCCESS = { SuccessUrl: "https://shop.test/paid" };
const KEYS = {
  SecretKeys: [{ Key: "sk_test_0123456789" }],
  WebhookSecrets: [{ Secret: "whsec_0123456789" }],
};

const read = (...accounts: object[]) => checkConfig("(test)", accounts, stripeConfig);

/** Why an account with such keys cannot be used. */
function whyNot(keys: object): string {
  try {
    read({ ...SUCCESS, Keys: { ...KEYS, ...keys } });
  } catch (error) {
    assert.equal(Reflect.get(error as object, "reason"), "CONFIG_UNUSABLE");
    return String(error);
  }
  throw new Error(`it can be used: ${JSON.stringify(keys)}`);
}

describe("an account at Stripe", () => {
  it("is called stripe, and is at Stripe, unless it says otherwise", () => {
    const [first, second] = read(
      { ...SUCCESS, Keys: KEYS },
      { ...SUCCESS, Name: "stripe-uk", KeysFile: "k" },
    );
    assert.deepEqual([first?.Name, first?.Gateway], ["stripe", "https://api.stripe.com"]);
    assert.equal(second?.Name, "stripe-uk");
    const others = [{}, { ...SUCCESS, Name: "uk" }, { ...SUCCESS, Gateway: "https://api.stripe.com/" }];
    for (const wrong of others) assert.throws(() => read(wrong), { reason: "CONFIG_UNUSABLE" });
  });

  it("has keys of one mode", () => {
    const keys = ["sk_live_0123456789", "rk_live_0123456789", "sk_test_0123456789", "rk_test_0123456789"];
    assert.deepEqual(keys.map(isLive), [true, true, false, false]);
    const SecretKeys = keys.map((Key) => ({ Key }));
    assert.match(whyNot({ SecretKeys }), /SecretKeys: must all be of live mode, or all of test mode/);
    read({ ...SUCCESS, Keys: { ...KEYS, SecretKeys: SecretKeys.slice(0, 2) } });
  });

  it("is refused with words that hold no secret", () => {
    for (const wrong of ["pk_live_MARKER5ecr3t", "MARKER5ecr3t", ["MARKER5ecr3t"], { MARKER5ecr3t: 1 }]) {
      const told = [
        whyNot({ SecretKeys: [{ Key: wrong }] }),
        whyNot({ WebhookSecrets: [{ Secret: wrong }] }),
      ];
      assert.match(told[0] ?? "", /SecretKeys\[0\]\.Key/);
      assert.match(told[1] ?? "", /WebhookSecrets\[0\]\.Secret/);
      for (const text of told) assert.ok(!text.includes("MARKER"), text);
    }
    assert.match(whyNot({ SecretKeys: [] }), /SecretKeys/);
    assert.match(whyNot({ WebhookSecrets: [] }), /WebhookSecrets/);
  });
});
