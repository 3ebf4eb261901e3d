import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { formatTimeline } from "../kernel/index.ts";
import { runSeed } from "./run-seed.ts";
import { SHAPES } from "./shape.ts";
import { openSimDisk } from "./sim-disk.ts";

const SEEDS = [1, 2, 3, 4, 5];
/** One of them, in which buyers pay at WeChat Pay and Alipay, who sign what they say. */
const SIGNED = 3;
const MAIN = join(import.meta.dirname, "..", "main.ts");

for (const shape of SHAPES)
  describe(`the run of a seed of the ${shape} shape`, async () => {
    const disk = await openSimDisk();
    after(() => disk.close());

    async function timelineOf(seed: number): Promise<string> {
      return formatTimeline((await runSeed({ seed, shape, files: disk.files, records: true })).timeline);
    }

    it("is the same byte by byte, whatever ran before it in its process", async () => {
      const forwards = new Map<number, string>();
      for (const seed of SEEDS) forwards.set(seed, await timelineOf(seed));
      for (const seed of SEEDS.toReversed()) assert.equal(await timelineOf(seed), forwards.get(seed));
      assert.equal(new Set(forwards.values()).size, SEEDS.length);
    });

    it("is the same byte by byte in other processes", async () => {
      const here = await timelineOf(SIGNED);
      assert.match(here, /bank-wechat .* is paid|bank-alipay .* is paid/);
      for (let round = 0; round < 2; round += 1) {
        const there = spawnSync(process.execPath, [MAIN, "--shape", shape, "--seed", String(SIGNED)], {
          encoding: "utf8",
        });
        assert.equal(there.stderr, "");
        assert.ok(there.stdout.startsWith(`${here}\nseed ${SIGNED}:`), "another process ran it otherwise");
      }
    });

    it("takes the same way whether or not its lines are kept", async () => {
      for (const seed of SEEDS) {
        const kept = await runSeed({ seed, shape, files: disk.files, records: true });
        const dropped = await runSeed({ seed, shape, files: disk.files });
        assert.equal(dropped.fingerprint, kept.fingerprint);
        assert.deepEqual(dropped.faults, kept.faults);
      }
    });
  });
