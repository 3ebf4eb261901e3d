import { Guard, type GuardOptions, judgeCall } from "@mall/kit/resilience";
import type { UnaryMethod } from "./service.ts";

/** A served method behind its breaker and the shedder of its process, where there are such. */
export function guardMethod(serve: UnaryMethod, protection: Omit<GuardOptions, "judge">): UnaryMethod {
  if (protection.breaker === undefined && protection.shedder === undefined) return serve;
  const guard = new Guard({ ...protection, judge: judgeCall });
  return async (call, request) => {
    guard.admit();
    const beganAt = guard.begin();
    try {
      const response = await serve(call, request);
      guard.end(beganAt);
      return response;
    } catch (error) {
      guard.end(beganAt, error);
      throw error;
    }
  };
}
