import type { Runtime } from "@mall/kit/runtime";

/** Between two lines that tell how far it is, milliseconds. */
const PROGRESS_MS = 10_000;

/** Now and then a line on standard error, so that a long run is no silent one. */
export function tellProgress({ now }: Pick<Runtime, "now">): (text: string) => void {
  const begun = now();
  let told = begun;
  return (text) => {
    const at = now();
    if (at - told < PROGRESS_MS) return;
    told = at;
    process.stderr.write(`${Math.round((at - begun) / 1000)} s: ${text}\n`);
  };
}
