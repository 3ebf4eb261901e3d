import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What the folders are called in which things are made before they get their names. */
const STAGING = ".mallctl-";
/** So old is one whose run was killed; no run takes as long. */
const LEFT_BEHIND_MS = 60_000;

/**
 * Lets `work` make things in a folder of its own, from where it moves them to their places; what stays there is gone
 * afterwards. Those that killed runs left behind are removed by a later one.
 *
 * @param folder which it is in, so that moving is no more than another name; made where it is missing.
 */
export async function withStaging<T>(folder: string, work: (staging: string) => Promise<T>): Promise<T> {
  await makeFolder(folder);
  await removeLeftBehind(folder);
  const staging = await mkdtemp(join(folder, STAGING)).catch((error: Error) => {
    // Its user has heard of the folder only.
    throw Object.assign(error, { path: folder });
  });
  try {
    return await work(staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** With those above it. Node's own way never ends where a file system, as /proc, has no place for new folders. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" || !(await stat(folder)).isDirectory()) throw error;
  });
}

async function removeLeftBehind(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(STAGING)) continue;
    const path = join(folder, name);
    const made = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      // Another run removed it meanwhile.
      () => Number.POSITIVE_INFINITY,
    );
    if (made < Date.now() - LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true });
  }
}
