import { hashText, Kernel } from "../kernel/index.ts";
import type { SimFiles } from "../nodes/index.ts";
import type { Batch, BatchResult, Failure } from "./batch.ts";
import { runSeed } from "./run-seed.ts";
import { drawRealChannels } from "./shape.ts";
import { addTallies, type Tally, tallyOf } from "./tally.ts";

/** Runs the seeds of a batch, one after the other. */
export async function runBatch(files: SimFiles, batch: Batch): Promise<BatchResult> {
  const { shape, from, count, withRealChannels = false } = batch;
  const failures: Failure[] = [];
  const sum = { events: 0, actions: 0, virtualMs: 0 };
  let faults: Tally = {};
  let states: Tally = {};
  let groups: Tally = {};
  let digest = hashText("");
  for (let seed = from; seed < from + count; seed += 1) {
    if (withRealChannels && !drawRealChannels(new Kernel(seed))) continue;
    const result = await runSeed({ seed, shape, files });
    if (result.failure !== undefined) failures.push({ seed, message: result.failure.message });
    sum.events += result.events;
    faults = addTallies(faults, tallyOf(result.faults.map((id) => id.slice(0, id.indexOf("@")))));
    states = addTallies(states, result.states);
    groups = addTallies(groups, result.groups);
    sum.actions += result.actions.length;
    sum.virtualMs += result.virtualMs;
    digest = hashText(result.fingerprint, digest);
  }
  return { shape, from, count, failures, ...sum, faults, states, groups, digest };
}
