import type { Call } from "@mall/kit/call";

/** `work`, or the reason why its call is over as soon as it is. */
export function untilEnded<T>(call: Call, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = call.onDone(reject);
    work.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error: unknown) => {
        leave();
        reject(error);
      },
    );
  });
}

/** The messages of a source until the call is over; the source is left then, also in the middle of its work. */
export async function* messagesUntilEnded<T>(call: Call, source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = await untilEnded(call, iterator.next());
      isDone = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // A source that waits for its next message leaves when that has come: nobody waits for it.
    if (!isDone) iterator.return?.().catch(() => {});
  }
}
