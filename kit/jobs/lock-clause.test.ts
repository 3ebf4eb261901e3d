import assert from "node:assert/strict";
import { it } from "node:test";
import { lockClause } from "./lock-clause.ts";

it("passes locked rows over where the server can, and waits for them where it cannot", () => {
  const skipping = [
    "8.0.36",
    "8.4.0-cluster",
    "9.1.0",
    "10.6.0-MariaDB",
    "10.11.19-MariaDB-0+deb12u1",
    "11.4.2-MariaDB",
  ];
  for (const version of [...skipping, "5.5.5-10.11.2-MariaDB-log"]) {
    assert.equal(lockClause(version), " FOR UPDATE SKIP LOCKED", version);
  }
  for (const version of ["5.7.44-log", "5.6.51", "10.5.29-MariaDB", "5.5.5-10.3.39-MariaDB", "unknown"]) {
    assert.equal(lockClause(version), " FOR UPDATE", version);
  }
});
