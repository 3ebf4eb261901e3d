import type { Operator } from "@mall/kit/audit";
import { Call } from "@mall/kit/call";

/** Alice, who does something by a command. */
export function testOperator(command: string): Operator {
  return { call: new Call({ actor: { who: "os:alice", address: "machine" } }), command };
}
