import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import { defineMessage } from "../define-message.ts";
import type { ServiceDefinition } from "../service.ts";

export interface Tick {
  number: number;
  text: string;
}

export const Tick = defineMessage<Tick>("Tick", [
  { number: 1, property: "number", type: "int64" },
  { number: 2, property: "text", type: "string" },
]);

/** A service with a method of each kind. */
export interface TickerClient {
  once(call: Call, request: Tick): Promise<Tick>;
  /** Answers 1 to the request's number. */
  count(call: Call, request: Tick): AsyncIterable<Tick>;
  /** Answers the sum of the numbers. */
  sum(call: Call, requests: AsyncIterable<Tick>): Promise<Tick>;
  /** Answers each request with itself. */
  echo(call: Call, requests: AsyncIterable<Tick>): AsyncIterable<Tick>;
}

export const TickerService: ServiceDefinition<TickerClient> = {
  names: ["ticker.Ticker"],
  methods: {
    once: { name: "Once", request: Tick, response: Tick },
    count: { name: "Count", request: Tick, response: Tick, stream: "server" },
    sum: { name: "Sum", request: Tick, response: Tick, stream: "client" },
    echo: { name: "Echo", request: Tick, response: Tick, stream: "both" },
  },
};

/** The test's hold on an implementation. */
export class Ticker implements TickerClient {
  /** What a stream fails with after its second message; it goes on where it is undefined. */
  failure: unknown;
  /** How many answers were made, and how many requests were read. */
  made = 0;
  read = 0;
  /** Whether the last requests came to their end. */
  sawEnd = false;
  /** Of the last call. */
  call: Call | undefined;
  /** Settles when a stream was left by its own code, and when its call was over. */
  readonly left = Promise.withResolvers<void>();
  readonly ended = Promise.withResolvers<AppError>();

  async once(_call: Call, request: Tick): Promise<Tick> {
    return request;
  }

  async *count(call: Call, { number }: Tick): AsyncGenerator<Tick> {
    this.#watch(call);
    try {
      for (let next = 1; next <= number; next += 1) {
        this.#failAfter(next);
        this.made += 1;
        yield tick(next);
      }
      // A number below zero asks for a stream without an end.
      if (number < 0) await new Promise(() => {});
    } finally {
      this.left.resolve();
    }
  }

  async sum(call: Call, requests: AsyncIterable<Tick>): Promise<Tick> {
    this.#watch(call);
    let sum = 0;
    try {
      for await (const { number } of requests) {
        this.read += 1;
        this.#failAfter(this.read);
        sum += number;
        if (number === 0) return tick(sum);
      }
      this.sawEnd = true;
    } finally {
      this.left.resolve();
    }
    return tick(sum);
  }

  async *echo(call: Call, requests: AsyncIterable<Tick>): AsyncGenerator<Tick> {
    this.#watch(call);
    try {
      for await (const request of requests) {
        this.read += 1;
        this.#failAfter(this.read);
        yield request;
      }
      this.sawEnd = true;
    } finally {
      this.left.resolve();
    }
  }

  #failAfter(count: number): void {
    if (this.failure !== undefined && count > 2) throw this.failure;
  }

  #watch(call: Call): void {
    this.call = call;
    call.onDone((error) => this.ended.resolve(error));
  }
}

export function tick(number: number, text = ""): Tick {
  return { number, text };
}

/** These messages, and then an end; `taken` learns of each that was asked for. */
export async function* ticks(
  numbers: Iterable<number>,
  taken?: (number: number) => void,
): AsyncGenerator<Tick> {
  for (const number of numbers) {
    taken?.(number);
    yield tick(number);
  }
}

/** A source that gives one message and no end. */
export async function* endlessTicks(): AsyncGenerator<Tick> {
  yield tick(1);
  await new Promise(() => {});
}
