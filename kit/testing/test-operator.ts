import type { Operator } from "@mall/kit/audit";
import { Call } from "@mall/kit/call";

/** Alice, an operator at the command line. */
export function testOperator(command: string): Operator {
  return { call: new Call({ actor: { who: "os:alice", address: "machine" } }), command };
}
