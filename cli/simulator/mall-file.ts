import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AtSimulator, channelsBlock, SIMULATED } from "./accounts.ts";

/** It holds keys: nobody but the owner reads it. */
const OWNER_ONLY = 0o600;

/** Where the simulator was when a file was written, as the account at Stripe has it. */
const GATEWAY = /"Gateway": "([^"]+)",\s+"SuccessUrl"/;

/** Where the configuration of a mall that pays at a simulator is. */
export function mallFileIn(dataDir: string): string {
  return join(dataDir, "mall.json");
}

/**
 * The configuration of a mall that pays at a simulator, for `mall up -f`; made where there is none, since Stripe tells
 * the secret of its webhooks once. One that is there follows the simulator to another port, and stays as it is otherwise.
 *
 * @returns its path.
 */
export async function ensureMallFile(dataDir: string, simulator: AtSimulator): Promise<string> {
  const file = mallFileIn(dataDir);
  if (existsSync(file)) {
    const text = readFileSync(file, "utf8");
    const [, before = simulator.url] = GATEWAY.exec(text) ?? [];
    if (before !== simulator.url) replaceFile(file, moved(text, before, simulator.url));
    return file;
  }
  const blocks = await Promise.all(SIMULATED.map((channel) => channelsBlock(channel, simulator)));
  const config = { Pay: { Channels: Object.assign({}, ...blocks) } };
  replaceFile(file, `${JSON.stringify(config, undefined, 2)}\n`);
  return file;
}

/** The same accounts at another address; one that only begins alike, `:888` and `:8888`, stays. */
function moved(text: string, before: string, after: string): string {
  return text.replaceAll(`"${before}"`, `"${after}"`).replaceAll(`"${before}/`, `"${after}/`);
}

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: OWNER_ONLY });
  renameSync(`${file}.new`, file);
}
