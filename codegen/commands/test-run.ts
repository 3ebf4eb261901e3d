import { runCli } from "./run-cli.ts";

/** What a command said, and how it ended. */
export interface Run {
  readonly exitCode: number;
  readonly out: string[];
  readonly err: string;
}

/** Runs mallctl with these arguments. */
export async function run(...args: string[]): Promise<Run> {
  const out: string[] = [];
  let err = "";
  const exitCode = await runCli(args, {
    out: (line) => out.push(line),
    err: (text) => {
      err += text;
    },
  });
  return { exitCode, out, err };
}
