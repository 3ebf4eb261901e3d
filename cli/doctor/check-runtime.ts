import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** The first version that runs TypeScript without a build and has the SQLite that the store needs. */
const NODE_MAJOR_MIN = 24;

const packageJson = z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) });

/** Is this Node.js new enough, and the version that the mall is tested with? */
export function checkRuntime(version = process.versions.node): Finding {
  const major = Number(version.split(".")[0]);
  if (major < NODE_MAJOR_MIN) {
    return fail(
      `Node.js ${version} is older than ${NODE_MAJOR_MIN}`,
      "run npm ci, and start the mall with npm start",
    );
  }
  const pinned = pinnedVersion();
  if (pinned === undefined) return ok(`Node.js ${version} (no version is pinned for this platform)`);
  if (version === pinned) return ok(`Node.js ${version}, the pinned version`);
  return warn(
    `Node.js ${version} is not the pinned ${pinned}`,
    "run npm ci, and start the mall with npm start",
  );
}

/** The version that package.json pins as a dependency for this platform. */
function pinnedVersion(): string | undefined {
  const root = join(import.meta.dirname, "../..");
  const { optionalDependencies } = packageJson.parse(
    JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
  );
  const system = process.platform === "win32" ? "win" : process.platform;
  return optionalDependencies[`node-${system}-${process.arch}`];
}
