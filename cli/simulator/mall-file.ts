import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AtSimulator, channelsBlock, SIMULATED } from "./accounts.ts";

/** It holds keys: nobody but the owner reads it. */
const OWNER_ONLY = 0o600;

/**
 * The configuration of a mall that pays at a simulator, for `mall up -f`; made where there is none, since Stripe tells
 * the secret of its webhooks once.
 *
 * @returns its path.
 */
export async function ensureMallFile(dataDir: string, simulator: AtSimulator): Promise<string> {
  const file = join(dataDir, "mall.json");
  if (existsSync(file)) return file;
  const blocks = await Promise.all(SIMULATED.map((channel) => channelsBlock(channel, simulator)));
  const config = { Pay: { Channels: Object.assign({}, ...blocks) } };
  writeFileSync(`${file}.new`, `${JSON.stringify(config, undefined, 2)}\n`, { mode: OWNER_ONLY });
  renameSync(`${file}.new`, file);
  return file;
}
