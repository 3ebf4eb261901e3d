import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { asWritten } from "./as-written.ts";
import { duration, optionalDuration, secret, text } from "./key.ts";
import { checkConfig } from "./load-config.ts";

const part = z.object({
  Wait: duration("1s").refine((ms) => ms < 60_000),
  Never: optionalDuration().optional(),
  Block: z.object({ Wait: duration("2s"), Pass: secret(text()) }).prefault({}),
  List: z.array(z.object({ Wait: duration("3s") })).default([]),
  Map: z.record(z.string(), z.string()).default({}),
});
const whole = part.extend({ Other: text("o") });

test("a part that reads what the whole was told has the same values, and none that it does not know", () => {
  const values = {
    Wait: "1.5s",
    Never: "0",
    Block: { Wait: 2_500_000, Pass: "p" },
    List: [{ Wait: "1m1s" }, {}],
    Map: { Wait: "as it is" },
    Other: "x",
  };
  const config = checkConfig("(test)", values, whole);
  const { Other, ...shared } = config;
  assert.equal(Other, "x");
  assert.deepEqual(checkConfig("(test)", asWritten(config, part), part), shared);
  assert.equal("Other" in asWritten(config, part), false);
});

test("what was left out stays out, for the part's own default", () => {
  const own = part.extend({ Never: optionalDuration().prefault("7s") });
  const config = checkConfig("(test)", {}, part);
  assert.equal(checkConfig("(test)", asWritten(config, own), own).Never, 7000);
});
