import type { Call } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import { defineMessage } from "./define-message.ts";
import type { ServiceDefinition } from "./service.ts";

/** A message with one field of each sort; what this area's tests send. */
export interface Sample {
  id: number;
  text: string;
  flag: boolean;
  raw: Uint8Array;
  note?: string;
  count?: number;
  numbers: number[];
  children: { id: number; name: string }[];
}

const Child = defineMessage<Sample["children"][number]>("Child", [
  { number: 1, property: "id", type: "int64" },
  { number: 2, property: "name", type: "string" },
]);

export const Sample = defineMessage<Sample>("Sample", [
  { number: 1, property: "id", type: "int64" },
  { number: 2, property: "text", type: "string" },
  { number: 3, property: "flag", type: "bool" },
  { number: 4, property: "raw", type: "bytes" },
  { number: 5, property: "note", type: "string", label: "optional" },
  { number: 6, property: "count", type: "int64", label: "optional" },
  { number: 7, property: "numbers", type: "int64", label: "repeated" },
  { number: 8, property: "children", type: () => Child, label: "repeated" },
]);

/** The service of this area's tests. */
export interface ProbeClient {
  echo(call: Call, request: Sample): Promise<Sample>;
  /** Fails in the way the test put into `Probe.failure`. */
  fail(call: Call, request: Sample): Promise<Sample>;
  /** Throws before its first await. */
  panic(call: Call, request: Sample): Promise<Sample>;
  /** Answers what no message can carry. */
  garble(call: Call, request: Sample): Promise<Sample>;
  /** Goes on until its call ends. */
  hang(call: Call, request: Sample): Promise<Sample>;
  /**
   * Answers the caller's uid, 0 for nobody, in `count` the milliseconds it has left, and in `note` the branch that
   * it is.
   */
  inspect(call: Call, request: Sample): Promise<Sample>;
  /** Answers in `note` the key that came with the call, and in `count` how much it passes on: 0 or 1. */
  keyed(call: Call, request: Sample): Promise<Sample>;
  /** The same, as a method without side effects. */
  peek(call: Call, request: Sample): Promise<Sample>;
}

export const ProbeService: ServiceDefinition<ProbeClient> = {
  names: ["probe.Probe", "probeclient.Probe"],
  methods: {
    echo: { name: "Echo", request: Sample, response: Sample },
    fail: { name: "Fail", request: Sample, response: Sample },
    panic: { name: "Panic", request: Sample, response: Sample },
    garble: { name: "Garble", request: Sample, response: Sample },
    hang: { name: "Hang", request: Sample, response: Sample },
    inspect: { name: "Inspect", request: Sample, response: Sample },
    keyed: { name: "Keyed", request: Sample, response: Sample },
    peek: { name: "Peek", request: Sample, response: Sample, idempotent: true },
  },
};

export function sample(values: Partial<Sample> = {}): Sample {
  return { id: 1, text: "支付", flag: true, raw: Buffer.alloc(0), numbers: [], children: [], ...values };
}

/** The test's hold on an implementation: what it fails with, and what it saw. */
export class Probe implements ProbeClient {
  failure: unknown = new Error("not set");
  /** How often `echo` was called. */
  echoes = 0;
  /** Settles when `hang` was entered, and when its call ended. */
  readonly entered = Promise.withResolvers<void>();
  readonly ended = Promise.withResolvers<AppError>();

  async echo(_call: Call, request: Sample): Promise<Sample> {
    this.echoes += 1;
    return request;
  }

  async fail(): Promise<Sample> {
    throw this.failure;
  }

  panic(): Promise<Sample> {
    throw new Error("secret of a panic");
  }

  async garble(): Promise<Sample> {
    return sample({ id: 2 ** 60 });
  }

  hang(call: Call): Promise<Sample> {
    this.entered.resolve();
    return new Promise((_resolve, reject) => {
      call.onDone((error) => {
        this.ended.resolve(error);
        reject(error);
      });
    });
  }

  async inspect(call: Call): Promise<Sample> {
    const left = Number.isFinite(call.deadline) ? call.deadline - Date.now() : -1;
    const note = call.branch === undefined ? "" : JSON.stringify(call.branch);
    return sample({ id: call.identity?.uid ?? 0, count: left, note });
  }

  async keyed({ idempotency, actor, attachments }: Call): Promise<Sample> {
    const { owner, key, replayOnly = false } = idempotency ?? { owner: "", key: "" };
    const note = idempotency === undefined ? "none" : `${owner}/${key}${replayOnly ? " again" : ""}`;
    if (actor !== undefined) return sample({ note: `${note} by ${JSON.stringify(actor)}` });
    return sample({ note, count: attachments === undefined ? 0 : 1 });
  }

  peek(call: Call): Promise<Sample> {
    return this.keyed(call);
  }
}

/** A log that keeps what it is told as errors. */
export function recordingLog(): { log: Logger; errors: object[] } {
  const errors: object[] = [];
  const log: Logger = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields) => errors.push(fields),
    child: () => log,
  };
  return { log, errors };
}
