import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimFiles, type SimFiles } from "../nodes/index.ts";

/** In memory, on Linux: nothing of a simulation is to outlast its process. */
const MEMORY = "/dev/shm";

/** The databases of a simulation and the folder that they lie in. */
export interface SimDisk {
  readonly files: SimFiles;
  /** Closes the databases and removes them. */
  close(): void;
}

/** Makes the databases that all runs of this process use, one after the other. */
export async function openSimDisk(): Promise<SimDisk> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "mall-sim-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  const files = await createSimFiles(folder);
  return {
    files,
    close: () => {
      files.close();
      process.off("exit", remove);
      remove();
    },
  };
}
