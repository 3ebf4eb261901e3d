import { Call } from "@mall/kit/call";
import { cancelled } from "@mall/kit/errors";
import { internalError } from "../public-error.ts";
import type { AnyMethod, MethodDefinition } from "../service.ts";
import type { Messages } from "./messages.ts";

/** Carries one stream to whoever serves it; resolves when that has ended it well. */
export type Carry = (call: Call, messages: Messages) => Promise<void>;

/** A method of a client: what it takes and gives depends on its kind. */
export type ClientMethod = AnyMethod;

/**
 * The method of a client interface over `carry`, which is the same for the three kinds of streams.
 *
 * A stream of answers begins when its caller asks for the first one, and is cancelled when the caller stops asking. An
 * error of the caller's own requests ends the call, and is what the caller is told.
 */
export function clientStream(method: MethodDefinition, carry: Carry): ClientMethod {
  const run = (requests: AsyncIterable<unknown>): Work => {
    return (call, send) => carryChecked(method, carry, { call, requests, send });
  };
  switch (method.stream) {
    case "client":
      return (parent: Call, requests: AsyncIterable<unknown>) => onlyAnswer(parent, run(requests));
    case "server":
      return async function* (parent: Call, request: unknown) {
        // What cannot be sent opens no stream.
        method.request.check(request);
        yield* answers(parent, run(one(request)));
      };
    default:
      return (parent: Call, requests: AsyncIterable<unknown>) => answers(parent, run(requests));
  }
}

async function* one(request: unknown): AsyncGenerator<unknown> {
  yield request;
}

/** Carries a stream in a call of its own, which it may end. */
type Work = (call: Call, send: Messages["send"]) => Promise<void>;

/** The answers as their reader asks for them: each is handed over before the next is taken from the peer. */
async function* answers(parent: Call, work: Work): AsyncGenerator<unknown> {
  const { readable, writable } = new TransformStream<unknown, unknown>(undefined, undefined, {
    highWaterMark: 0,
  });
  const writer = writable.getWriter();
  const { call, leave } = childOf(parent);
  work(call, (answer) => writer.write(answer))
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    )
    .catch(() => {
      // The reader has left.
    });
  try {
    yield* readable;
  } finally {
    leave();
    call.cancel();
  }
}

async function onlyAnswer(parent: Call, work: Work): Promise<unknown> {
  const received: unknown[] = [];
  const { call, leave } = childOf(parent);
  try {
    await work(call, async (answer) => {
      if (received.length > 0) throw internalError(new Error("a second answer to a call that has one"));
      received.push(answer);
    });
  } finally {
    leave();
  }
  if (received.length === 0) throw internalError(new Error("no answer to a call that has one"));
  return received[0];
}

async function carryChecked(
  method: MethodDefinition,
  carry: Carry,
  { call, requests, send }: Messages & { readonly call: Call },
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const checked = async function* (): AsyncGenerator<unknown> {
    try {
      for await (const request of requests) {
        method.request.check(request);
        yield request;
      }
    } catch (error) {
      failure = { error };
      call.cancel();
      throw cancelled();
    }
  };
  try {
    await carry(call, { requests: checked(), send });
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
}

/** A call that can be ended without its parent, and sends along what that does. */
function childOf(parent: Call): { readonly call: Call; leave(): void } {
  const { deadline, endsAtDeadline, trace, attachments } = parent;
  const call = new Call({ deadline, endsAtDeadline, trace, attachments });
  return { call, leave: parent.onDone((error) => call.end(error)) };
}
