import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Node } from "../gen/types.ts";

export async function tree(_context: ServiceContext, _call: Call): Promise<Node[]> {
  return [{ id: 1, kids: [{ id: 2, kids: [{ id: 3 }] }] }];
}
