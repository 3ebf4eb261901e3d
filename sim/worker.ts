import type { Batch } from "./run/batch.ts";
import { runBatch } from "./run/run-batch.ts";
import { openSimDisk } from "./run/sim-disk.ts";

// A process that runs batches of seeds for whoever forked it.

/** Nobody reads the stacks of the errors that a simulated mall makes by the thousand. */
Error.stackTraceLimit = 0;

const disk = await openSimDisk();
process.on("message", (batch: Batch) => {
  runBatch(disk.files, batch).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
