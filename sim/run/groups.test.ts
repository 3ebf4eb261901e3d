import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { runSeed } from "./run-seed.ts";
import { openSimDisk } from "./sim-disk.ts";
import { addTallies, formatTally, type Tally } from "./tally.ts";

/** Some of them have a crowd, and some a server that is far away. */
const SEEDS = 40;

describe("runs of the production shape", async () => {
  const disk = await openSimDisk();
  after(() => disk.close());

  it("have transactions that several share, which are committed, or taken back", async () => {
    let groups: Tally = {};
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      groups = addTallies(groups, (await runSeed({ seed, shape: "production", files: disk.files })).groups);
    }
    const count = (word: string): number =>
      Object.entries(groups).reduce((sum, [name, each]) => sum + (name.includes(word) ? each : 0), 0);
    const seen = formatTally(groups);
    assert.ok(count("committed") >= 5, seen);
    assert.ok(count("rolledBack") >= 3, seen);
    assert.ok(count("some") + count("many") >= 5, seen);
  });
});
