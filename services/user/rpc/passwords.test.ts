import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemRuntime as runtime } from "@mall/kit/context";
import { createPasswords } from "./passwords.ts";

const seedSalt = "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe";
/** What the Go original stores for 123456. */
const SEED_HASH = "ef8364020560a703cfc7aebebcd0b62d1bfea7d4a841eb8964cfbcda2ba85dd5";

describe("passwords", () => {
  const perUser = createPasswords({ runtime, seedSalt, scheme: "per-user" });
  const seed = createPasswords({ runtime, seedSalt, scheme: "seed" });

  it("the seed's scheme writes the seed's hash", async () => {
    assert.equal(await seed.hash("123456"), SEED_HASH);
  });

  it("a seed hash is accepted by both schemes, and due for replacement only where hashes are per user", async () => {
    assert.equal(await perUser.matches("123456", SEED_HASH), true);
    assert.equal(await perUser.matches("123457", SEED_HASH), false);
    assert.equal(perUser.isOutdated(SEED_HASH), true);
    assert.equal(seed.isOutdated(SEED_HASH), false);
  });

  it("two users with one password have different hashes that only it matches", async () => {
    const [one, two] = await Promise.all([perUser.hash("123456"), perUser.hash("123456")]);
    assert.notEqual(one, two);
    assert.equal(await perUser.matches("123456", one), true);
    assert.equal(await perUser.matches("12345", one), false);
    assert.equal(perUser.isOutdated(one), false);
    assert.equal(await seed.matches("123456", two), true);
  });

  it("a stored text that is no hash matches nothing", async () => {
    assert.equal(await perUser.matches("", ""), false);
    assert.equal(await perUser.matches("123456", "scrypt$32768$8$1$"), false);
  });
});
