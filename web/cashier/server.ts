import type { CashierViewResponse, PrepayResponse } from "@mall/pay/api";

/** A connection that says nothing for so long is given up; the server speaks every 15 s. */
const SILENT_MS = 40_000;
/** From a stream that ended, or could not be had, to the next try. */
const RETRY_MS = 2000;
const ASK_MS_MAX = 15_000;

/** What the server did not do, and why: its `reason`, or NO_CONNECTION. */
export class Refusal extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** The payment of a link, as its server tells it. */
export class PaymentServer {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  view(): Promise<CashierViewResponse> {
    return this.#ask("view", {});
  }

  sync(): Promise<CashierViewResponse> {
    return this.#ask("sync", {});
  }

  prepay(way: { readonly channel: string; readonly product: string }): Promise<PrepayResponse> {
    return this.#ask("prepay", way);
  }

  /** Tells every state until `signal` says that it is enough, by events and else by asking. Throws a link's refusal. */
  async follow(signal: AbortSignal, tell: (news: CashierViewResponse | "offline") => void): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#stream(signal, tell);
      } catch (error) {
        if (isOfLink(error)) throw error;
      }
      if (signal.aborted) return;
      try {
        tell(await this.view());
      } catch (error) {
        if (isOfLink(error)) throw error;
        tell("offline");
      }
      await pause(RETRY_MS);
    }
  }

  async #stream(signal: AbortSignal, tell: (view: CashierViewResponse) => void): Promise<void> {
    const over = new AbortController();
    const end = (): void => over.abort();
    let timer = setTimeout(end, SILENT_MS);
    signal.addEventListener("abort", end);
    try {
      const answer = await this.#post("events", {}, over.signal);
      for await (const data of eventsOf(answer)) {
        clearTimeout(timer);
        timer = setTimeout(end, SILENT_MS);
        tell(JSON.parse(data));
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }

  async #ask<T>(operation: string, request: object): Promise<T> {
    const answer = await this.#post(operation, request, AbortSignal.timeout(ASK_MS_MAX));
    return answer.json();
  }

  async #post(operation: string, request: object, signal: AbortSignal): Promise<Response> {
    const answer = await fetch(`/api/pay/cashier/${operation}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...request, token: this.#token }),
      signal,
    }).catch(() => {
      throw new Refusal("NO_CONNECTION");
    });
    if (answer.ok) return answer;
    const { reason = "NO_CONNECTION" } = await answer.json().catch(() => ({}));
    throw new Refusal(reason);
  }
}

/** True for what no later try changes: the link itself is refused, or its payment is gone. */
function isOfLink(error: unknown): boolean {
  return error instanceof Refusal && /^(LINK_|PAY_NOT_FOUND)/.test(error.reason);
}

/** The data of server-sent events, one line each. */
async function* eventsOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return;
    const events = (rest + chunk.value).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) if (event.startsWith("data: ")) yield event.slice("data: ".length);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
