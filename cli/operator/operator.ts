import { hostname, userInfo } from "node:os";
import type { Operator } from "@mall/kit/audit";
import { Call } from "@mall/kit/call";

/** Of who and where in an audit, characters. */
const LENGTH_MAX = 64;

/** Whoever runs this process, for what they do by a command, e.g. `mall jobs retry`. */
export function operator(command: string): Operator {
  const who = `os:${userName()}`.slice(0, LENGTH_MAX);
  const address = hostname().slice(0, LENGTH_MAX);
  return { call: new Call({ actor: { who, address } }), command };
}

/** The user's name, or the number where the system knows no name for it, as in a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
