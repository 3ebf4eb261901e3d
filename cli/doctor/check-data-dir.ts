import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Finding, fail, ok, warn } from "./finding.ts";

const MIB = 1024 * 1024;
const FREE_MIB_WARN = 1024;
/** Below this a burst of orders and the log of the database can fill the disk. */
const FREE_MIB_FAIL = 100;

/** Can the data folder be used, and is there room? */
export function checkDataDir(dataDir: string): Finding[] {
  const existing = nearestExisting(resolve(dataDir));
  if (!statSync(existing).isDirectory()) {
    return [fail(`data folder ${dataDir}: ${existing} is not a folder`, "choose another with --data")];
  }
  return [checkAccess(dataDir, existing), checkRoom(dataDir, existing)];
}

function checkAccess(dataDir: string, existing: string): Finding {
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fail(
      `data folder ${dataDir} cannot be read and written`,
      "fix its owner and permissions, or choose another with --data",
    );
  }
  const isThere = existing === resolve(dataDir);
  return ok(`data folder ${dataDir} ${isThere ? "can be read and written" : "is made at the first start"}`);
}

function checkRoom(dataDir: string, existing: string): Finding {
  const { bavail, bsize } = statfsSync(existing);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  const what = `data folder ${dataDir}: ${sizeText(freeMib)} free`;
  const fix = "make room, or move the folder to another disk";
  if (freeMib < FREE_MIB_FAIL) return fail(what, fix);
  return freeMib < FREE_MIB_WARN ? warn(what, fix) : ok(what);
}

function sizeText(mib: number): string {
  return mib < 1024 ? `${mib} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
