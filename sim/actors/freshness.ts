import type { Outcome } from "../world/index.ts";
import { Register } from "./register.ts";

/** A request as freshness sees it. */
interface Request {
  readonly route: string;
  readonly body: object;
  /** Who asks. */
  readonly uid: number;
  /** Of a write that is sent again, after which it may be answered with what an earlier one of it did. */
  readonly key?: string | undefined;
}

/** What is known of the world that answers come from. */
export interface WorldWatch {
  /** Virtual milliseconds. */
  now(): number;
  /** Since when every process has had its caches well; 0 where there are none, Infinity where one has not. */
  wellSince(): number;
  /** How many requests have been sent so far that arrive twice. */
  copies(): number;
}

/** Where nobody knows how the caches are. */
const UNWATCHED: WorldWatch = { now: () => 0, wellSince: () => Number.POSITIVE_INFINITY, copies: () => 0 };

/** The answers to questions, by their routes: what they are about. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "POST /api/order/detail": "order",
  "POST /api/pay/detail": "pay",
  "POST /api/product/detail": "product",
};

/** A state in which something is at first, and to which it never comes back. */
const FIRST_STATE = 0;
/** Of a product, and of an order: what staff write, and then people read. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  "POST /api/product/update": ["amount", "status"],
  "POST /api/order/update": ["amount"],
};

/**
 * Holds answers to questions against what people were told before: a question that is asked after a write was
 * acknowledged is answered with that write or a later one.
 *
 * This is promised of writes during which all processes had their caches well: connected, answered within what the
 * cache waits for, no marks thrown out. Of another write only this is promised: a process that could not delete an
 * entry deletes it as soon as it reaches Redis again. Until then, and for as long as an entry lives where that process
 * has died meanwhile, another process that did reach Redis may answer questions with the row before the write.
 * Nothing is decided by such a row, and whoever does not reach Redis himself reads from the database.
 */
export class Freshness {
  /** Answers that were older than they may be. */
  readonly stale: string[] = [];
  readonly #watch: WorldWatch;
  /** When who made something was told that it is there, and when somebody that it is not in its first state any more. */
  readonly #there = new Map<string, number>();
  readonly #moved = new Map<string, number>();
  /** What somebody asked to have removed. */
  readonly #removed = new Set<string>();
  readonly #registers = new Map<string, Register>();
  /** When each write with a key was sent first, virtual milliseconds. */
  readonly #firstSent = new Map<string, number>();

  constructor(watch: WorldWatch = UNWATCHED) {
    this.#watch = watch;
  }

  /** A request is going to be sent; what comes back is told how it ended. */
  send({ route, body, uid, key }: Request): (outcome: Outcome<unknown>) => void {
    const sentAt = key === undefined ? this.#watch.now() : this.#firstSentAt(`${uid}/${key}`);
    const id = Number(Reflect.get(body, "id"));
    if (route === "POST /api/order/remove") this.#removed.add(`order ${id}`);
    const topic = QUESTIONS[route];
    if (topic !== undefined)
      return (outcome) => this.#compare({ name: `${topic} ${id}`, uid }, sentAt, outcome);
    const settles = this.#begin({ route, body, uid }, sentAt);
    const copies = this.#watch.copies();
    return (outcome) => {
      const now = this.#watch.now();
      // A copy of one of its messages may come at any time, and writes the same once more.
      const isOver = outcome.kind !== "unknown" && this.#watch.copies() === copies;
      const isAcknowledged = outcome.kind === "yes" && this.#watch.wellSince() <= sentAt;
      const endedAt = isOver ? now : Number.POSITIVE_INFINITY;
      const acknowledgedAt = isAcknowledged ? now : Number.POSITIVE_INFINITY;
      for (const settle of settles) settle({ endedAt, acknowledgedAt, isRefused: outcome.kind === "no" });
      if (isAcknowledged) this.#acknowledge({ route, body, uid }, outcome.value);
    };
  }

  #firstSentAt(name: string): number {
    const first = this.#firstSent.get(name) ?? this.#watch.now();
    this.#firstSent.set(name, first);
    return first;
  }

  #begin({ route, body }: Request, sentAt: number): ReturnType<Register["begin"]>[] {
    const topic = route.split("/")[2] ?? "";
    return (WRITTEN[route] ?? []).flatMap((field) => {
      const value: unknown = Reflect.get(body, field);
      if (value === undefined) return [];
      return [this.#register(`${topic} ${Reflect.get(body, "id")} ${field}`).begin(value, sentAt)];
    });
  }

  #acknowledge({ route, body, uid }: Request, answer: unknown): void {
    const now = this.#watch.now();
    const id = Number(Reflect.get(body, "id"));
    const note = (times: Map<string, number>, name: string): void => {
      if (!times.has(name)) times.set(name, now);
    };
    if (route === "POST /api/order/create") note(this.#there, thereFor(`order ${idOf(answer)}`, uid));
    if (route === "POST /api/pay/create") note(this.#there, thereFor(`pay ${idOf(answer)}`, uid));
    if (route === "POST /api/pay/callback" || route === "POST /api/pay/close") note(this.#moved, `pay ${id}`);
    if (route === "POST /api/order/update" && Reflect.get(body, "status") === 9) {
      note(this.#moved, `order ${id}`);
    }
  }

  #compare(
    { name, uid }: { readonly name: string; readonly uid: number },
    askedAt: number,
    outcome: Outcome<unknown>,
  ): void {
    if (outcome.kind === "unknown") return;
    const isBefore = (time: number | undefined): boolean => time !== undefined && time < askedAt;
    if (outcome.kind === "no") {
      const isMissing = outcome.error.code === "NOT_FOUND" && !this.#removed.has(name);
      if (isMissing && isBefore(this.#there.get(thereFor(name, uid))))
        this.stale.push(`${name} was there and is not found`);
      return;
    }
    const answer: object = outcome.value instanceof Object ? outcome.value : {};
    if (isBefore(this.#moved.get(name)) && Reflect.get(answer, "status") === FIRST_STATE) {
      this.stale.push(`${name} is said to be in its first state again`);
    }
    for (const field of ["amount", "status"]) {
      const value: unknown = Reflect.get(answer, field);
      const register = this.#registers.get(`${name} ${field}`);
      if (register !== undefined && !register.mayHold(value, askedAt)) {
        this.stale.push(
          `${name} is said to have ${field} ${value}, which was overwritten before the question`,
        );
      }
    }
  }

  #register(name: string): Register {
    const known = this.#registers.get(name) ?? new Register();
    this.#registers.set(name, known);
    return known;
  }
}

/** What is somebody's is not found by others. */
function thereFor(name: string, uid: number): string {
  return `${name} of ${uid}`;
}

function idOf(answer: unknown): number {
  return answer instanceof Object ? Number(Reflect.get(answer, "id")) : Number.NaN;
}
