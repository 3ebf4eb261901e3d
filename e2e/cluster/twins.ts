import { AppError } from "@mall/kit/errors";
import type { Account } from "../../sim/actors/index.ts";
import type { Random } from "../../sim/kernel/index.ts";
import type { ApiUrls } from "../support/people.ts";
import { atReplica } from "../support/spread.ts";

/** How many of the requests with a key are sent to two replicas at once. */
const TWINS = 0.3;
/** Statuses that a part of a mall that is down may answer with. */
const OUTAGE: ReadonlySet<number> = new Set([503, 504]);
/** What no answer may contain. */
const SQL_TEXT =
  /\b(?:select|insert|update|delete)\b.*\b(?:from|into|set)\b|wsrep|errno|deadlock|mysql|mariadb/is;

export interface TwinsOptions {
  readonly replicas: readonly ApiUrls[];
  readonly random: Random;
  /** Takes down what was answered to which key, and what was answered wrongly. */
  readonly account: Account;
  /** How long an answer is waited for, milliseconds. */
  readonly answerMsMax: number;
}

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  readonly key: string | null;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Sends requests that are written to the first replica to any of them, and some of those with a key to two at once;
 * and holds all answers to what may be answered.
 */
export class Twins {
  /** Requests by how they were answered: `yes`, the reason of a refusal, or `NO_ANSWER`. */
  readonly answers = new Map<string, number>();
  /** Requests that were sent to two replicas at once. */
  twins = 0;
  readonly #options: TwinsOptions;
  readonly #first: ApiUrls;

  constructor(options: TwinsOptions) {
    const [first] = options.replicas;
    if (first === undefined) throw new Error("there is no replica");
    this.#options = options;
    this.#first = first;
  }

  /** For HTTP clients, in place of `fetch`. */
  readonly send: typeof fetch = async (input, init = {}) => {
    const { replicas, random } = this.#options;
    const sent = { url: String(input), init, key: new Headers(init.headers).get("idempotency-key") };
    const index = random.int(0, replicas.length - 1);
    if (sent.key === null || !random.chance(TWINS)) return this.#ask(index, sent);
    this.twins += 1;
    const other = (index + random.int(1, replicas.length - 1)) % replicas.length;
    const places = [index, other];
    const answers = await Promise.allSettled(places.map((place) => this.#ask(place, sent)));
    if (answers.some(isYes)) {
      // The other one met the first on its way; now that one is answered well, so is whoever asks again.
      const refused = places.filter((_, turn) => !answers.slice(turn, turn + 1).some(isYes));
      await Promise.allSettled(refused.map((place) => this.#ask(place, sent)));
    }
    return chooseAnswer(answers);
  };

  /** How many requests were sent. */
  get requests(): number {
    return [...this.answers.values()].reduce((sum, times) => sum + times, 0);
  }

  async #ask(index: number, { url, init, key }: Sent): Promise<Response> {
    const { replicas, account, answerMsMax } = this.#options;
    const route = new URL(url).pathname;
    const request = { route, body: { text: String(init.body) }, wasAnswered: account.isAnswered(key ?? "") };
    if (key !== null) this.#announce(route, String(init.body), key);
    const target = atReplica(url, this.#first, replicas[index] ?? this.#first);
    const answer = await exchange(target, { ...init, signal: AbortSignal.timeout(answerMsMax) }).catch(
      (error: unknown) => {
        this.#count("NO_ANSWER");
        throw error;
      },
    );
    this.#judge(request, key, answer);
    return new Response(answer.text, answer);
  }

  /** Takes down what is going to be asked for: each key makes at most one order, and one payment. */
  #announce(route: string, body: string, key: string): void {
    const { account } = this.#options;
    account.useKey(key, route, { text: body });
    if (route === "/api/order/create") account.askForOrder(customerIn(body), key);
    if (route === "/api/pay/create") account.askForPay(orderIn(body), key);
  }

  #judge(
    request: { route: string; body: { text: string }; wasAnswered: boolean },
    key: string | null,
    { status, text }: Answer,
  ): void {
    const { account } = this.#options;
    if (status < 300) {
      this.#count("yes");
      if (key !== null) account.compareKeyed(key, request, { kind: "yes", value: JSON.parse(text) });
      return;
    }
    const reason = reasonIn(text);
    this.#count(reason);
    if (reason === "PAY_EXISTS" && key !== null) account.refusedAsSecond(orderIn(request.body.text), key);
    const isOutage = OUTAGE.has(status);
    if ((status >= 500 && !isOutage) || SQL_TEXT.test(text)) {
      account.wrong.push(`${request.route} was answered ${status} ${text}`);
    }
    if (key === null || isOutage) return;
    account.compareKeyed(key, request, { kind: "no", error: new AppError("ABORTED", reason, text) });
  }

  #count(answer: string): void {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }
}

async function exchange(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function isYes(twin: PromiseSettledResult<Response>): boolean {
  return twin.status === "fulfilled" && twin.value.ok;
}

/** Where one twin was answered well that is the answer; where one was not told, nobody knows yet. */
function chooseAnswer(twins: readonly PromiseSettledResult<Response>[]): Response {
  const answers = twins.flatMap((twin) => (twin.status === "fulfilled" ? [twin.value] : []));
  const lost = twins.find((twin) => twin.status === "rejected");
  const yes = answers.find(({ ok }) => ok);
  if (yes !== undefined) return yes;
  if (lost !== undefined) throw lost.reason;
  const open = answers.find((answer) => OUTAGE.has(answer.status));
  const [first] = answers;
  const chosen = open ?? first;
  if (chosen === undefined) throw new Error("nobody was asked");
  return chosen;
}

function customerIn(body: string): number {
  return Number((JSON.parse(body) as { uid?: unknown }).uid);
}

function orderIn(body: string): number {
  return Number((JSON.parse(body) as { oid?: unknown }).oid);
}

function reasonIn(text: string): string {
  const { reason } = JSON.parse(text) as { reason?: unknown };
  return typeof reason === "string" ? reason : "NO_REASON";
}
