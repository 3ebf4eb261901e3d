import { type AppError, deadlineExceeded } from "@mall/kit/errors";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { Call, type CallContext } from "./call.ts";

/**
 * Runs `work` as a child of `parent` that ends after `timeoutMs` (0: only with its parent), and settles
 * at the latest when the child ends, as go-zero's timeout interceptors do; work that goes on after that
 * is nobody's any more.
 *
 * @throws AppError DEADLINE_EXCEEDED or CANCELLED, or whatever `work` throws.
 */
export function runWithTimeout<T>(
  runtime: Runtime,
  parent: Call,
  timeoutMs: number,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  return runChild({ runtime, parent, timeoutMs }, work);
}

export interface ChildOptions {
  readonly runtime: Runtime;
  readonly parent: Call;
  readonly timeoutMs: number;
  /** Ends the call after `timeoutMs`; by default with a timer for it alone. */
  readonly setTimer?: (call: Call) => Timer;
  /** What the child carries; by default what its parent carries. */
  readonly context?: CallContext | undefined;
  /** The rpc method that the child is for; by default that of its context. */
  readonly method?: string | undefined;
}

/** What runWithTimeout does. */
export function runChild<T>(options: ChildOptions, work: (call: Call) => Promise<T>): Promise<T> {
  const { runtime, parent, timeoutMs, context = parent, method = context.method } = options;
  if (parent.error !== undefined) return Promise.reject(parent.error);
  const now = runtime.now();
  const own = timeoutMs > 0 ? now + timeoutMs : Number.POSITIVE_INFINITY;
  const isShorter = own < parent.deadline;
  const deadline = isShorter ? own : parent.deadline;
  if (deadline <= now) return Promise.reject(deadlineExceeded());
  const { identity, clientAddress, trace, idempotency, branch, actor, attachments } = context;
  const seen = { identity, clientAddress, method, trace, idempotency, branch, actor, attachments };
  const child = new Call({ ...seen, deadline, endsAtDeadline: true });
  const ownTimer = (call: Call): Timer =>
    runtime.setTimer(() => call.end(deadlineExceeded()), deadline - now);
  if (isShorter) return settle(parent, child, options.setTimer ?? ownTimer, work);
  const isEnded = parent.endsAtDeadline || deadline === Number.POSITIVE_INFINITY;
  return settle(parent, child, isEnded ? undefined : ownTimer, work);
}

function settle<T>(
  parent: Call,
  child: Call,
  setTimer: ((call: Call) => Timer) | undefined,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimer?.(child);
    const endChild = (error: AppError): void => child.end(error);
    const release = (): void => {
      timer?.clear();
      parent.unlisten(endChild);
    };
    parent.listen(endChild);
    child.listen((error) => {
      release();
      reject(error);
    });
    work(child).then(
      (value) => {
        release();
        resolve(value);
      },
      (error: unknown) => {
        release();
        reject(error);
      },
    );
  });
}
