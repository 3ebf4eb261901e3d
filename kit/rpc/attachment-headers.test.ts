import assert from "node:assert/strict";
import { it } from "node:test";
import { readAttachments } from "./attachment-headers.ts";
import { ProbeService } from "./test-probe-service.ts";

it("a caller who cannot be read is refused rather than left out: nobody acts unseen", () => {
  const { keyed, peek } = ProbeService.methods;
  const read = (headers: Record<string, string>, method = keyed) =>
    readAttachments(method, (name) => headers[name]);
  const known = { "mall-actor": "user:7", "mall-actor-address": "203.0.113.9", "mall-actor-role": "2" };
  assert.deepEqual(read(known)?.actor, { who: "user:7", address: "203.0.113.9", role: 2 });
  assert.equal(read({}), undefined);
  assert.equal(read(known, peek), undefined);
  for (const wrong of [
    { "mall-actor": "" },
    { "mall-actor": "x".repeat(65) },
    { "mall-actor": "two words" },
    { "mall-actor-address": "x".repeat(65) },
    { "mall-actor-role": "admin" },
    { "mall-actor-role": "-1" },
  ]) {
    assert.throws(() => read({ ...known, ...wrong }), { code: "INVALID_ARGUMENT", field: "mall-actor" });
  }
});
