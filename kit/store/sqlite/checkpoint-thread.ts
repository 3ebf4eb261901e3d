/** What the thread is told. */
export type CheckpointOrder = "checkpoint" | "end";

/**
 * The program of a Checkpointer's thread: opens the file that `workerData` names, and does as it is told until it is
 * told to end. It is handed over as text and so must use nothing but its parameters: a thread that reads a module of
 * TypeScript has the compiler for it in memory, 16 MiB.
 */
export function checkpointThread(
  { DatabaseSync }: typeof import("node:sqlite"),
  { parentPort, workerData }: typeof import("node:worker_threads"),
): void {
  const database = new DatabaseSync(String(workerData));
  database.exec("PRAGMA synchronous = FULL");
  const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  parentPort?.on("message", (order: CheckpointOrder) => {
    if (order === "end") {
      database.close();
      parentPort?.close();
      return;
    }
    try {
      checkpoint.all();
    } catch {
      // A disk that is full will not always be; by the next order it may have room again.
    }
    parentPort?.postMessage("done");
  });
}
