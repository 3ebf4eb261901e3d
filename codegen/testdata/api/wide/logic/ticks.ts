import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { Tick, TickReq } from "../gen/types.ts";

export async function* ticks(_context: ServiceContext, _call: Call, request: TickReq): AsyncGenerator<Tick> {
  for (let number = 1; number <= request.count; number += 1) yield { number };
}
