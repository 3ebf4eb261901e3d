import { type AppError, cancelled } from "@mall/kit/errors";
import type { TraceContext } from "@mall/kit/trace";
import { activeTrace } from "@mall/kit/trace";
import type { IdempotencyKey } from "./idempotency-key.ts";

/** Who is calling, taken from a verified token. */
export interface Identity {
  readonly uid: number;
  /** One of `ROLE` of kit/auth. */
  readonly role: number;
}

/** Who acts for the mall, and from where: what an audit says of an act. */
export interface Actor {
  /** `user:7`; of a command, the operating system's user: `os:alice`. 1 to 64 characters. */
  readonly who: string;
  /** One of ROLE; undefined for a command. */
  readonly role?: number | undefined;
  /** Of the client as the api saw it, or the machine of a command; at most 64 characters. */
  readonly address: string;
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
  readonly actor?: Actor | undefined;
}

/** What a call carries for whoever works on it. */
export interface CallContext {
  readonly identity?: Identity | undefined;
  /** Address of the client that sent the HTTP request; undefined where the call came another way. */
  readonly clientAddress?: string | undefined;
  /** Full name of the rpc method that the call is for, by the first name of its service: `/pay.Pay/Create`. */
  readonly method?: string | undefined;
  /** Where the call stands in its trace; its children stand in the same place until they are observed. */
  readonly trace?: TraceContext | undefined;
  /** The key that the call came with, for the method that serves it. */
  readonly idempotency?: IdempotencyKey | undefined;
  /** The branch of a transaction that the call is, for the method that serves it. */
  readonly branch?: BranchInfo | undefined;
  /** Who acts for the mall by the call, for the method that serves it. */
  readonly actor?: Actor | undefined;
  /** What goes along with the rpc calls that are made on behalf of this one. */
  readonly attachments?: Attachments | undefined;
}

export interface CallOptions extends CallContext {
  readonly deadline?: number;
  readonly endsAtDeadline?: boolean;
}

type DoneListener = (error: AppError) => void;

/**
 * The context of one request: its deadline, its cancellation and its caller. A call made on behalf of
 * another is its child and ends no later than its parent.
 */
export class Call implements CallContext {
  /** Milliseconds since the Unix epoch; Infinity for none. */
  readonly deadline: number;
  readonly identity: Identity | undefined;
  readonly clientAddress: string | undefined;
  readonly method: string | undefined;
  readonly trace: TraceContext | undefined;
  readonly idempotency: IdempotencyKey | undefined;
  readonly branch: BranchInfo | undefined;
  readonly actor: Actor | undefined;
  readonly attachments: Attachments | undefined;
  /** True where whoever made the call ends it at its deadline; its children then need no timer for that. */
  readonly endsAtDeadline: boolean;
  #error: AppError | undefined;
  /** Most calls have one listener, and a set would cost more than all the rest of them. */
  #listener: DoneListener | undefined;
  #moreListeners: Set<DoneListener> | undefined;
  #controller: AbortController | undefined;

  constructor(options: CallOptions = {}) {
    this.deadline = options.deadline ?? Number.POSITIVE_INFINITY;
    this.identity = options.identity;
    this.clientAddress = options.clientAddress;
    this.method = options.method;
    this.trace = options.trace;
    this.idempotency = options.idempotency;
    this.branch = options.branch;
    this.actor = options.actor;
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
    this.#listener?.(error);
    // A listener removed while others are being notified is not notified.
    if (this.#moreListeners !== undefined) for (const listener of this.#moreListeners) listener(error);
    this.#listener = undefined;
    this.#moreListeners = undefined;
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
    this.listen(listener);
    return () => this.unlisten(listener);
  }

  /** onDone for the hot path: with `unlisten`, without a function in between. */
  listen(listener: DoneListener): void {
    if (this.#error !== undefined) {
      listener(this.#error);
    } else if (this.#listener === undefined) {
      this.#listener = listener;
    } else {
      this.#moreListeners ??= new Set();
      this.#moreListeners.add(listener);
    }
  }

  unlisten(listener: DoneListener): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#moreListeners?.delete(listener);
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
