import { formatTimeline } from "../kernel/index.ts";
import { shrinkRun } from "../shrink/index.ts";
import { runSeed } from "./run-seed.ts";
import type { Shape } from "./shape.ts";
import { openSimDisk } from "./sim-disk.ts";

/** Runs one seed and prints what happened; resolves with the exit code. */
export async function replay(
  seed: number,
  { shape, shrinks }: { readonly shape: Shape; readonly shrinks: boolean },
): Promise<number> {
  const disk = await openSimDisk();
  const { files } = disk;
  const shrunk = shrinks ? await shrinkRun({ seed, shape, files }) : undefined;
  const result = shrunk ?? (await runSeed({ seed, shape, files, records: true }));
  disk.close();
  const { timeline, failure, actions, faults, fingerprint } = result;
  process.stdout.write(formatTimeline(timeline));
  process.stdout.write(
    `\nseed ${seed}: ${actions.length} actions, ${faults.length} faults, fingerprint ${fingerprint}\n`,
  );
  if (failure === undefined) return 0;
  process.stdout.write(`${failure.stack ?? failure.message}\n`);
  return 1;
}
