import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { allInOneConfig, SERVICES } from "../cli/all-in-one/config.ts";
import { makeService } from "../codegen/commands/new-service.ts";

test("no new service is called as a block that the file of mall up has already", async () => {
  const blocks = new Set(SERVICES.map(({ block }) => block));
  const keys = Object.keys(allInOneConfig.shape).filter((key) => !blocks.has(key));
  assert.ok(keys.includes("Shop") && keys.includes("Jobs"));
  const dir = join(tmpdir(), "no-such-folder-of-services");
  for (const key of keys)
    await assert.rejects(makeService({ name: key.toLowerCase(), dir }), /cannot be that of a service/, key);
});
