import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointOrder } from "./checkpointer.ts";

// The thread of a Checkpointer: opens the file that `workerData` names, and does as it is told until it is told to end.

const database = new DatabaseSync(String(workerData));
database.exec("PRAGMA synchronous = FULL");
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");

parentPort?.on("message", (order: CheckpointOrder) => {
  if (order === "end") {
    database.close();
    parentPort?.close();
    return;
  }
  checkpoint.all();
  parentPort?.postMessage("done");
});
