import { execFile } from "node:child_process";
import type { Sdks } from "./sdks.ts";

const SCRIPT_MS_MAX = 120_000;
const OUTPUT_BYTES_MAX = 10_000_000;

/** Runs a script with an SDK in it, which is given `input` and prints what it saw; both are JSON. */
export async function runOracle(
  sdks: Exclude<Sdks, { readonly skipped: string }>,
  script: string,
  input: object,
): Promise<unknown> {
  const [command, ...args] = sdks.command(script);
  const options = {
    env: { ...process.env, ...sdks.env },
    timeout: SCRIPT_MS_MAX,
    maxBuffer: OUTPUT_BYTES_MAX,
  };
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${script} failed (${error.signal ?? error.code}): ${stderr}${stdout}`));
    });
    child.stdin?.end(JSON.stringify(input));
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}
