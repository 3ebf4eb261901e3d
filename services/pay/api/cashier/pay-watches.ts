import { backgroundCall, type Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Runtime, Timer } from "@mall/kit/runtime";
import type { CashierResponse, PayClient } from "@mall/pay/rpc";

/** From one look at a payment to the next, milliseconds: a buyer waits, and a look is two rows. */
const LOOK_MS = 1000;
/** Told again after so long without a change, so that nobody in between takes the connection for dead. */
const QUIET_MS = 15_000;
/** Streams of this process at once; whoever is refused asks now and then instead. */
const STREAMS_MAX = 2000;

/** Shows payments as they change, looking at each once for all who watch it. */
export class PayWatches {
  readonly #options: { readonly runtime: Runtime; readonly payRpc: Pick<PayClient, "cashier"> };
  readonly #watched = new Map<number, Watched>();
  #streams = 0;

  constructor(options: { readonly runtime: Runtime; readonly payRpc: Pick<PayClient, "cashier"> }) {
    this.#options = options;
  }

  /**
   * A payment now, and again whenever it has changed, until the call ends.
   *
   * @throws AppError RESOURCE_EXHAUSTED CASHIER_CROWDED where too many are watched.
   */
  watch(call: Call, id: number): AsyncIterable<CashierResponse> {
    if (this.#streams >= STREAMS_MAX)
      throw new AppError(
        "RESOURCE_EXHAUSTED",
        "CASHIER_CROWDED",
        "too many streams are open: ask now and then",
      );
    const inbox = new Inbox();
    const watched = this.#watched.get(id) ?? new Watched(this.#options, id);
    this.#watched.set(id, watched);
    this.#streams += 1;
    watched.add(inbox);
    // Whether or not anybody ever reads, the call ends.
    call.onDone(() => {
      this.#streams -= 1;
      if (watched.remove(inbox)) this.#watched.delete(id);
      inbox.end();
    });
    return inbox.read();
  }
}

/** One payment that is looked at until nobody watches it. */
class Watched {
  readonly #options: { readonly runtime: Runtime; readonly payRpc: Pick<PayClient, "cashier"> };
  readonly #id: number;
  readonly #inboxes = new Set<Inbox>();
  #timer: Timer | undefined;
  #last: CashierResponse | undefined;

  constructor(
    options: { readonly runtime: Runtime; readonly payRpc: Pick<PayClient, "cashier"> },
    id: number,
  ) {
    this.#options = options;
    this.#id = id;
  }

  add(inbox: Inbox): void {
    this.#inboxes.add(inbox);
    if (this.#last !== undefined) inbox.put(this.#last);
    if (this.#inboxes.size === 1) this.#lookAfter(0);
  }

  /** @returns whether nobody watches any more. */
  remove(inbox: Inbox): boolean {
    this.#inboxes.delete(inbox);
    if (this.#inboxes.size > 0) return false;
    this.#timer?.clear();
    return true;
  }

  #lookAfter(ms: number): void {
    const goOn = (): void => {
      if (this.#inboxes.size > 0) this.#lookAfter(LOOK_MS);
    };
    this.#timer = this.#options.runtime.setTimer(() => {
      this.#look().then(goOn, goOn);
    }, ms);
  }

  /** What cannot be seen now is looked at again. */
  async #look(): Promise<void> {
    const seen = await this.#options.payRpc
      .cashier(backgroundCall(), { id: this.#id })
      .catch(() => undefined);
    if (seen === undefined || (this.#last !== undefined && !isNews(this.#last, seen))) return;
    this.#last = seen;
    for (const inbox of this.#inboxes) inbox.put(seen);
  }
}

function isNews(last: CashierResponse, seen: CashierResponse): boolean {
  if (seen.now - last.now >= QUIET_MS) return true;
  return (["state", "amount", "waiting", "attempts", "expireTime"] as const).some(
    (key) => last[key] !== seen[key],
  );
}

/** Holds the newest of what one stream is to be told, so that a slow reader costs no memory. */
class Inbox {
  #newest: CashierResponse | undefined;
  #isOver = false;
  #wake: (() => void) | undefined;

  put(seen: CashierResponse): void {
    this.#newest = seen;
    this.#wake?.();
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<CashierResponse> {
    while (!this.#isOver) {
      const seen = this.#newest;
      this.#newest = undefined;
      if (seen !== undefined) yield seen;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
