import { type Call, type CallContext, CallTimeout } from "@mall/kit/call";
import { type AppError, toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { traceFields } from "@mall/kit/trace";
import { branchAnswer } from "./branch-answer.ts";
import { internalError, isHidden, publicError } from "./public-error.ts";
import type { MethodDefinition, UnaryMethod } from "./service.ts";

export interface ServeMethodOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** The object that has the method, under `property`. */
  readonly implementation: unknown;
  readonly property: string;
  readonly method: MethodDefinition;
  /** The name of the service under which it is served, for the log. */
  readonly service: string;
  /** The first of its names, as which it keeps what it did. */
  readonly firstName: string;
  /** The longest a call may take, in milliseconds; 0 for no limit but the caller's. */
  readonly timeoutMs: number;
}

/** A served method; what the implementation sees of its call carries `context`, by default what the caller's has. */
export type ServedMethod = (caller: Call, request: unknown, context?: CallContext) => Promise<unknown>;

/**
 * One method of an implementation as its callers may see it, wherever they are: it ends with its
 * deadline, its answer is checked, and of an unexpected error only the log learns what it was.
 *
 * @throws TypeError if the implementation lacks the method.
 */
export function serveMethod(options: ServeMethodOptions): ServedMethod {
  const { runtime, log, method, timeoutMs } = options;
  const name = `/${options.service}/${method.name}`;
  const run = boundMethod(options.implementation, options.property, name);
  const timeout = new CallTimeout(runtime, timeoutMs, `/${options.firstName}/${method.name}`);
  return async (caller, request, context = caller) => {
    try {
      const response = await timeout.run(caller, (call) => run(call, request), context);
      checkResponse(method, response);
      return response;
    } catch (error) {
      throw reportedError(log, name, error, context);
    }
  };
}

/** The method, with what it throws before its first await turned into a rejection. */
function boundMethod(implementation: unknown, property: string, name: string): UnaryMethod {
  const method = methodNamed(implementation, property, name);
  return (call: Call, request: unknown): Promise<unknown> => {
    try {
      return Promise.resolve(method.call(implementation, call, request));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** @throws TypeError if there is none. */
export function methodNamed(
  implementation: unknown,
  property: string,
  name: string,
): (this: unknown, call: Call, request: unknown) => unknown {
  const method = (implementation as Record<string, unknown>)[property];
  if (typeof method !== "function") throw new TypeError(`${name} has no implementation "${property}"`);
  return method as (this: unknown, call: Call, request: unknown) => unknown;
}

/** An answer that the message cannot carry is the implementation's fault, not the caller's. */
export function checkResponse(method: MethodDefinition, response: unknown): void {
  try {
    method.response.check(response);
  } catch (error) {
    throw internalError(error);
  }
}

/** The error as the caller may see it, and as it understands it; the log learns of what is hidden from it. */
export function reportedError(log: Logger, method: string, error: unknown, context: CallContext): AppError {
  const known = toAppError(error);
  const shown = publicError(known);
  if (isHidden(shown.code)) {
    log.error({ method, error: known.cause ?? known, ...traceFields(context.trace) }, "call failed");
  }
  return context.branch === undefined ? shown : branchAnswer(shown);
}
