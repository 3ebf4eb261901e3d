import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { systemRuntime as runtime } from "@mall/kit/runtime";
import { chooseScheme, createPasswords } from "./passwords.ts";

const seedSalt = "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe";
/** What the Go original stores for 123456. */
const SEED_HASH = "ef8364020560a703cfc7aebebcd0b62d1bfea7d4a841eb8964cfbcda2ba85dd5";

const call = backgroundCall();

describe("passwords", () => {
  const perUser = createPasswords({ runtime, seedSalt, scheme: "per-user" });
  const seed = createPasswords({ runtime, seedSalt, scheme: "seed" });

  it("the seed's scheme writes the seed's hash", async () => {
    assert.equal(await seed.hash(call, "123456"), SEED_HASH);
  });

  it("a seed hash is accepted by both schemes, and due for replacement only where hashes are per user", async () => {
    assert.equal(await perUser.matches(call, "123456", SEED_HASH), true);
    assert.equal(await perUser.matches(call, "123457", SEED_HASH), false);
    assert.equal(perUser.isOutdated(SEED_HASH), true);
    assert.equal(seed.isOutdated(SEED_HASH), false);
  });

  it("a hash of one's own is due for the seed's where a Go process is to read it, and stays where nobody said so", async () => {
    const own = await perUser.hash(call, "123456");
    assert.equal(seed.isOutdated(own), true);
    const beside = createPasswords({ runtime, seedSalt, scheme: "seed-beside" });
    assert.equal(beside.isOutdated(own), false);
    assert.equal(beside.isOutdated(SEED_HASH), false);
    assert.equal(await beside.hash(call, "123456"), SEED_HASH);
    assert.equal(await beside.matches(call, "123456", own), true);
  });

  it("with the seed's file unchanged a login changes nothing that a Go process reads", () => {
    assert.equal(chooseScheme({ Salt: seedSalt, PasswordScheme: undefined }), "seed-beside");
    assert.equal(chooseScheme({ Salt: "", PasswordScheme: undefined }), "per-user");
    assert.equal(chooseScheme({ Salt: seedSalt, PasswordScheme: "per-user" }), "per-user");
    assert.equal(chooseScheme({ Salt: seedSalt, PasswordScheme: "seed" }), "seed");
  });

  it("two users with one password have different hashes that only it matches", async () => {
    const [one, two] = await Promise.all([perUser.hash(call, "123456"), perUser.hash(call, "123456")]);
    assert.notEqual(one, two);
    assert.equal(await perUser.matches(call, "123456", one), true);
    assert.equal(await perUser.matches(call, "12345", one), false);
    assert.equal(perUser.isOutdated(one), false);
    assert.equal(await seed.matches(call, "123456", two), true);
  });

  it("many at once are made in their turn, and those beyond are refused at once with the time to come again", async () => {
    const started = performance.now();
    const hashes = Array.from({ length: 200 }, () => {
      const askedAt = performance.now();
      return perUser.hash(call, "123456").then(
        () => "made",
        (error: unknown) => {
          assert.ok(error instanceof AppError && performance.now() - askedAt < 1000);
          assert.deepEqual([error.code, error.reason], ["RESOURCE_EXHAUSTED", "PASSWORDS_BUSY"]);
          assert.equal(error.retryAfterSeconds, 1);
          return "refused";
        },
      );
    });
    const refused = (await Promise.all(hashes)).filter((outcome) => outcome === "refused").length;
    assert.ok(refused >= 160 && refused < 190, `${refused} of 200 refused`);
    assert.ok(performance.now() - started < 10_000);
  });

  it("a stored text that is no hash matches nothing", async () => {
    assert.equal(await perUser.matches(call, "", ""), false);
    assert.equal(await perUser.matches(call, "123456", "scrypt$32768$8$1$"), false);
  });
});
