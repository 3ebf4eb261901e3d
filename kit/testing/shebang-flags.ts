import { readFileSync } from "node:fs";

/** Node's flags in the first line of a script, to start it as the command does but without its launcher. */
export function shebangFlags(script: string): string[] {
  const [first = ""] = readFileSync(script, "utf8").split("\n");
  return first.split(" ").filter((word) => word.startsWith("--"));
}
