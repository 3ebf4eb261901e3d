import { Call, type CallContext, runChild } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { checkResponse, methodNamed, reportedError, type ServeMethodOptions } from "../serve-method.ts";
import type { StreamKind } from "../service.ts";
import type { Messages } from "./messages.ts";
import { messagesUntilEnded, untilEnded } from "./until-ended.ts";

/** A served stream; what the implementation sees of its call carries `context`, by default what the caller's has. */
export type ServedStream = (caller: Call, messages: Messages, context?: CallContext) => Promise<void>;

/**
 * A streaming method of an implementation as its callers may see it, as `serveMethod` shows a unary one: each answer is
 * checked and handed over before the next is asked for, and the end of its call ends both directions.
 *
 * @throws TypeError if the implementation lacks the method.
 */
export function serveStream(options: ServeMethodOptions): ServedStream {
  const { runtime, log, method, timeoutMs } = options;
  const name = `/${options.service}/${method.name}`;
  const { implementation, property } = options;
  const bound = methodNamed(implementation, property, name).bind(implementation);
  const run = answersOf(method.stream ?? "both", bound);
  const fullName = `/${options.firstName}/${method.name}`;
  return async (caller, { requests, send }, context = caller) => {
    try {
      await runChild({ runtime, parent: caller, timeoutMs, context, method: fullName }, (call) =>
        whileOpen(call, requests, async (open) => {
          for await (const answer of run(call, open)) {
            checkResponse(method, answer);
            await untilEnded(call, send(answer));
          }
        }),
      );
    } catch (error) {
      throw reportedError(log, name, error, context);
    }
  };
}

/** Gives `work` the requests for as long as it goes on, and no longer. */
async function whileOpen(
  call: Call,
  requests: AsyncIterable<unknown>,
  work: (requests: AsyncGenerator<unknown>) => Promise<void>,
): Promise<void> {
  const reading = new Call();
  const leave = call.onDone((error) => reading.end(error));
  const open = messagesUntilEnded(reading, requests);
  try {
    await work(open);
  } finally {
    leave();
    reading.cancel();
    open.return(undefined).catch(() => {});
  }
}

type Run = (call: Call, requests: AsyncGenerator<unknown>) => AsyncIterable<unknown>;

/** A method of any kind as one with streams on both sides. */
function answersOf(kind: StreamKind, method: (call: Call, request: unknown) => unknown): Run {
  if (kind === "client") {
    return async function* (call, requests) {
      yield await method(call, requests);
    };
  }
  return async function* (call, requests) {
    const request = kind === "both" ? requests : await firstOf(requests);
    yield* method(call, request) as AsyncIterable<unknown>;
  };
}

async function firstOf(requests: AsyncGenerator<unknown>): Promise<unknown> {
  const first = await requests.next();
  if (first.done !== true) return first.value;
  throw new AppError("INVALID_ARGUMENT", "MALFORMED_MESSAGE", "a stream of answers takes one request");
}
