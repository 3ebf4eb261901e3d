import { type AppError, cancelled, deadlineExceeded } from "@mall/kit/errors";
import { activeTrace } from "./active-trace.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { Runtime, Timer } from "./runtime.ts";
import type { TraceContext } from "./trace-context.ts";

/** Roles, as stored in `user.role`; `gateway` exists only in tokens made for payment gateways. */
export const ROLE = { customer: 0, staff: 1, admin: 2, gateway: 3 } as const;

/** Who is calling, taken from a verified token. */
export interface Identity {
  readonly uid: number;
  /** One of ROLE. */
  readonly role: number;
}

/** Which step of a distributed transaction a call is, as DTM tells it (`dtm-gid`, `dtm-branch_id`, …). */
export interface BranchInfo {
  /** Id of the whole transaction, at most 128 characters. */
  readonly gid: string;
  /** `saga`, `msg`, `tcc`, `xa` or `workflow`. */
  readonly transType: string;
  /** `01`, `02`, …; `00` for the local part of a message. */
  readonly branchId: string;
  /** What is asked of the branch: `action`, `compensate`, `msg`, … */
  readonly op: string;
}

/**
 * What goes along with the rpc calls that are made on behalf of a call, for the methods that serve them. It goes
 * no further: what those methods call themselves is another operation.
 */
export interface Attachments {
  readonly idempotency?: IdempotencyKey | undefined;
  readonly branch?: BranchInfo | undefined;
}

type DoneListener = (error: AppError) => void;

/**
 * The context of one request: its deadline, its cancellation and its caller. A call made on behalf of
 * another is its child and ends no later than its parent.
 */
export class Call {
  /** Milliseconds since the Unix epoch; Infinity for none. */
  readonly deadline: number;
  readonly identity: Identity | undefined;
  /** Address of the client that sent the HTTP request; undefined where the call came another way. */
  readonly clientAddress: string | undefined;
  /** Where the call stands in its trace; its children stand in the same place until they are observed. */
  readonly trace: TraceContext | undefined;
  /** The key that the call came with, for the method that serves it. */
  readonly idempotency: IdempotencyKey | undefined;
  /** The branch of a transaction that the call is, for the method that serves it. */
  readonly branch: BranchInfo | undefined;
  /** What goes along with the rpc calls that are made on behalf of this one. */
  readonly attachments: Attachments | undefined;
  /** True where whoever made the call ends it at its deadline; its children then need no timer for that. */
  readonly endsAtDeadline: boolean;
  #error: AppError | undefined;
  #listeners: Set<DoneListener> | undefined;
  #controller: AbortController | undefined;

  constructor(
    options: {
      deadline?: number;
      identity?: Identity | undefined;
      clientAddress?: string | undefined;
      trace?: TraceContext | undefined;
      idempotency?: IdempotencyKey | undefined;
      branch?: BranchInfo | undefined;
      attachments?: Attachments | undefined;
      endsAtDeadline?: boolean;
    } = {},
  ) {
    this.deadline = options.deadline ?? Number.POSITIVE_INFINITY;
    this.identity = options.identity;
    this.clientAddress = options.clientAddress;
    this.trace = options.trace;
    this.idempotency = options.idempotency;
    this.branch = options.branch;
    this.attachments = options.attachments;
    this.endsAtDeadline = options.endsAtDeadline ?? false;
  }

  /** Why this call is over before its answer: CANCELLED or DEADLINE_EXCEEDED; undefined while it goes on. */
  get error(): AppError | undefined {
    return this.#error;
  }

  /** An AbortSignal for libraries that take one; made on first use. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#error !== undefined) this.#controller.abort(this.#error);
    return this.#controller.signal;
  }

  /** Ends the call for all who work on it; the first reason stays. */
  end(error: AppError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#controller?.abort(error);
    const listeners = this.#listeners;
    this.#listeners = undefined;
    if (listeners !== undefined) for (const listener of listeners) listener(error);
  }

  /** The caller went away. */
  cancel(): void {
    this.end(cancelled());
  }

  /** Throws the reason if the call is over. */
  throwIfDone(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  /** Calls `listener` when the call ends early (at once if it has); returns how to stop listening. */
  onDone(listener: DoneListener): () => void {
    if (this.#error !== undefined) {
      listener(this.#error);
      return () => {};
    }
    this.#listeners ??= new Set();
    const listeners = this.#listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}

/** A context that never ends by itself, in the trace it is made in: start-up, scripts, work that must be finished. */
export function backgroundCall(identity?: Identity): Call {
  return new Call({ identity, trace: activeTrace() });
}

/** Runs `work` with a child of `parent` whose rpc calls take `attachments` along, and nothing else that it holds. */
export async function runWithAttachments<T>(
  parent: Call,
  attachments: Attachments,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const { deadline, endsAtDeadline, trace } = parent;
  const call = new Call({ deadline, endsAtDeadline, trace, attachments });
  const leaveParent = parent.onDone((error) => call.end(error));
  try {
    return await work(call);
  } finally {
    leaveParent();
  }
}

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
  if (parent.error !== undefined) return Promise.reject(parent.error);
  const now = runtime.now();
  const own = timeoutMs > 0 ? now + timeoutMs : Number.POSITIVE_INFINITY;
  const deadline = Math.min(own, parent.deadline);
  if (deadline <= now) return Promise.reject(deadlineExceeded());
  const { identity, clientAddress, trace, idempotency, branch, attachments } = parent;
  const child = new Call({
    deadline,
    identity,
    clientAddress,
    trace,
    idempotency,
    branch,
    attachments,
    endsAtDeadline: true,
  });
  const endedByParent = parent.endsAtDeadline && parent.deadline <= own;
  const delayMs = endedByParent ? Number.POSITIVE_INFINITY : deadline - now;
  return settleWithin(runtime, { parent, child, delayMs }, work);
}

function settleWithin<T>(
  runtime: Runtime,
  scope: { parent: Call; child: Call; delayMs: number },
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const { parent, child, delayMs } = scope;
  return new Promise<T>((resolve, reject) => {
    const timer: Timer | undefined = Number.isFinite(delayMs)
      ? runtime.setTimer(() => child.end(deadlineExceeded()), delayMs)
      : undefined;
    const leaveParent = parent.onDone((error) => child.end(error));
    const release = (): void => {
      timer?.clear();
      leaveParent();
    };
    child.onDone((error) => {
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
