import { readFileSync } from "node:fs";

/** Node's flags in the first line of a script: for starting it as the command does, without the launcher in between. */
export function shebangFlags(script: string): string[] {
  const [first = ""] = readFileSync(script, "utf8").split("\n");
  return first.split(" ").filter((word) => word.startsWith("--"));
}
