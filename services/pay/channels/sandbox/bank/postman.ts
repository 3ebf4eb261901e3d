import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { ACKNOWLEDGED } from "../protocol.ts";
import { PURPOSE, SIGNATURE_HEADER, sign } from "../signature.ts";
import type { BankNotice, BankStore } from "./bank-store.ts";
import { falsify } from "./falsify.ts";
import type { FaultPlan } from "./faults.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From one delivery that was not acknowledged to the next: WeChat Pay's times, a day long altogether. */
const RETRY_MS: readonly number[] = [
  15 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  ...Array<number>(3).fill(30 * MINUTE_MS),
  HOUR_MS,
  ...Array<number>(3).fill(3 * HOUR_MS),
  ...Array<number>(2).fill(6 * HOUR_MS),
];

/** How long the merchant may take to acknowledge. */
const TIMEOUT_MS = 5 * SECOND_MS;
/** How long a reordered notice waits for another one to overtake it. */
const OVERTAKEN_WITHIN_MS = MINUTE_MS;
/** Older than any clock window. */
const STALE_MS = HOUR_MS;
/** Deliveries at once. */
const UNDERWAY_MAX = 16;

interface PostmanOptions {
  readonly secret: string;
  readonly store: BankStore;
  readonly runtime: Runtime;
  readonly http: HttpTransport;
  readonly log: Logger;
  readonly faults: FaultPlan;
}

type NotifyFault = NonNullable<ReturnType<typeof takeFault>>;

/** Delivers a bank's notices, each until the merchant acknowledges it. */
export class Postman {
  readonly #options: PostmanOptions;
  readonly #waiting = new Map<string, BankNotice>();
  readonly #underway = new Map<string, Promise<void>>();
  /** Notices that are to be overtaken. */
  readonly #behind = new Set<string>();
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: PostmanOptions) {
    this.#options = options;
  }

  /** Takes over what an earlier process did not deliver. */
  async start(): Promise<void> {
    this.add(await this.#options.store.notices());
  }

  /** Delivers notices that are stored. */
  add(notices: readonly BankNotice[]): void {
    for (const notice of notices) this.#waiting.set(notice.id, notice);
    if (notices.length > 0) this.#wake();
  }

  /** Delivers nothing more; resolves when no delivery is underway. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.clear();
    await Promise.all(this.#underway.values());
  }

  #wake(): void {
    this.#timer?.clear();
    if (this.#closed) return;
    const now = this.#options.runtime.now();
    let nextAt = Number.POSITIVE_INFINITY;
    for (const notice of this.#waiting.values()) {
      if (this.#underway.has(notice.id)) continue;
      // A delivery that ends wakes the others.
      if (this.#underway.size >= UNDERWAY_MAX) return;
      if (notice.dueAt <= now) this.#begin(notice);
      else nextAt = Math.min(nextAt, notice.dueAt);
    }
    if (nextAt === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#options.runtime.setTimer(() => this.#wake(), nextAt - now);
  }

  #begin(notice: BankNotice): void {
    const delivery = this.#deliver(notice)
      .catch((error: unknown) => {
        this.#options.log.error({ error }, "the sandbox cannot keep how a notification went");
        this.#waiting.set(notice.id, { ...notice, dueAt: this.#options.runtime.now() + SECOND_MS });
      })
      .finally(() => {
        this.#underway.delete(notice.id);
        this.#wake();
      });
    this.#underway.set(notice.id, delivery);
  }

  async #deliver(notice: BankNotice): Promise<void> {
    const { runtime, faults } = this.#options;
    const now = runtime.now();
    const taken = takeFault(faults, notice.outTradeNo);
    switch (taken?.fault) {
      case "notify.lost":
        return this.#end(notice);
      case "notify.late":
        return this.#keep({ ...notice, dueAt: now + taken.ms });
      case "notify.reordered":
        this.#behind.add(notice.id);
        return this.#keep({ ...notice, dueAt: now + OVERTAKEN_WITHIN_MS });
      default:
        return this.#send(notice, taken);
    }
  }

  async #send(notice: BankNotice, fault: NotifyFault | undefined): Promise<void> {
    const copies = fault?.fault === "notify.doubled" ? 2 : 1;
    const posts = Array.from({ length: copies }, () => this.#post(notice, fault));
    const acknowledged = (await Promise.all(posts)).some(Boolean);
    this.#release(notice.id);
    const retryMs = RETRY_MS[notice.attempts];
    if (acknowledged || retryMs === undefined) return this.#end(notice);
    const dueAt = this.#options.runtime.now() + retryMs;
    await this.#keep({ ...notice, attempts: notice.attempts + 1, dueAt });
  }

  async #post({ url, body }: BankNotice, fault: NotifyFault | undefined): Promise<boolean> {
    const { runtime, http, secret, log } = this.#options;
    const said = writtenBody(body, fault);
    const signedAt = runtime.now() - (fault?.fault === "notify.stale" ? STALE_MS : 0);
    const signature = sign({ secret, purpose: PURPOSE.notify, body: said.signed }, signedAt);
    const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: signature };
    try {
      const sent = { method: "POST", url, headers, body: said.sent } as const;
      const answer = await http.send(sent, { timeoutMs: TIMEOUT_MS });
      return answer.status === 200 && Buffer.from(answer.body).toString("utf8").trim() === ACKNOWLEDGED;
    } catch (error) {
      log.debug({ error }, "a notification of the sandbox was not answered");
      return false;
    }
  }

  /** Lets those go on that waited to be overtaken. */
  #release(by: string): void {
    for (const id of this.#behind) {
      const notice = this.#waiting.get(id);
      if (id === by || notice === undefined) continue;
      this.#behind.delete(id);
      this.#waiting.set(id, { ...notice, dueAt: this.#options.runtime.now() });
    }
    this.#behind.delete(by);
  }

  async #keep(notice: BankNotice): Promise<void> {
    await this.#options.store.save({ notices: [notice] });
    this.#waiting.set(notice.id, notice);
  }

  async #end({ id }: BankNotice): Promise<void> {
    await this.#options.store.save({ ended: [id] });
    this.#waiting.delete(id);
  }
}

function takeFault(faults: FaultPlan, outTradeNo: string) {
  return faults.take(
    outTradeNo,
    "notify.lost",
    "notify.late",
    "notify.doubled",
    "notify.reordered",
    "notify.tampered",
    "notify.stale",
    "notify.wrong-amount",
    "notify.wrong-currency",
  );
}

/** What is sent of a notice, and what its signature is made over. */
function writtenBody(body: string, taken: NotifyFault | undefined): { signed: Buffer; sent: Buffer } {
  const fault = taken?.fault;
  if (fault === "notify.tampered") return { signed: Buffer.from(body), sent: tampered(body) };
  const lie = fault === "notify.wrong-amount" ? "amount" : "currency";
  const lies = fault === "notify.wrong-amount" || fault === "notify.wrong-currency";
  const sent = Buffer.from(lies ? falsify(body, lie) : body);
  return { signed: sent, sent };
}

/** Another amount where there is one, else another byte. */
function tampered(body: string): Buffer {
  const changed = falsify(body, "amount");
  return Buffer.from(changed === body ? `${body} ` : changed);
}
