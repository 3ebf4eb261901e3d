import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOracle } from "./run-oracle.ts";
import { npmSdks } from "./sdks.ts";

const FOLDER = join(import.meta.dirname, "../vectors");

/** Writes the vectors anew, by the keys that are there: `node channel-sim/oracles/make-vectors.ts`. */
const sdks = await npmSdks();
if ("skipped" in sdks) throw new Error(sdks.skipped);
const keys = JSON.parse(readFileSync(join(FOLDER, "keys.json"), "utf8"));
const vectors = (await runOracle(sdks, "vectors.js", { keys })) as Record<string, object>;
for (const [channel, ofChannel] of Object.entries(vectors)) {
  writeFileSync(join(FOLDER, `${channel}.json`), `${JSON.stringify(ofChannel, undefined, 2)}\n`);
}
