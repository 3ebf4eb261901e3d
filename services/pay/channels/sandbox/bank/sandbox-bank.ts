import { FaultPlan } from "@mall/kit/counterpart";
import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import { Turns } from "@mall/kit/resilience";
import type { Runtime, Timer } from "@mall/kit/runtime";
import {
  type AnswerOf,
  APP_HEADER,
  OK,
  OPERATIONS,
  type Operation,
  REQUESTS,
  type RequestOf,
  readJson,
  writeJson,
} from "../protocol.ts";
import { isSigned, PURPOSE, SIGNATURE_HEADER, sign } from "../signature.ts";
import type { BankStore } from "./bank-store.ts";
import type { BankFaults, Fault } from "./faults.ts";
import { noticesOf } from "./notices.ts";
import { type BankPostman, createPostman } from "./postman.ts";
import {
  closedOrPaid,
  closeTrade,
  openTrade,
  type Payment,
  payTrade,
  type RefundCourse,
  Refusal,
  refundState,
  refundTrade,
} from "./rules.ts";
import { type BankTrade, tradeStateOf } from "./trade.ts";

/** A bank's dependencies; nothing else influences it. */
export interface SandboxBankOptions {
  /** The merchant, and the secret shared with it. */
  readonly appId: string;
  readonly secret: string;
  readonly store: BankStore;
  readonly runtime: Runtime;
  /** Sends notifications to the merchant. */
  readonly http: HttpTransport;
  readonly log: Logger;
  /** The page where a buyer pays a trade. */
  readonly cashierUrl: (outTradeNo: string) => string;
}

/** A request of the merchant; header names in lower case. */
export interface BankRequest {
  /** The last segment of the path. */
  readonly operation: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer to the merchant. */
export interface BankAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * A payment channel for trying things out: trades, refunds and notifications like those of real channels, with faults
 * on demand. No money moves.
 */
export interface SandboxBank {
  /** Resumes deliveries that an earlier process left. */
  start(): Promise<void>;
  /** Answers any request of the merchant. */
  answer(request: BankRequest): Promise<BankAnswer>;
  /**
   * The buyer pays, the trade's amount unless given another.
   *
   * @throws Refusal TRADE_ABSENT, TRADE_CLOSED
   */
  pay(outTradeNo: string, payment?: Payment): Promise<BankTrade>;
  trade(outTradeNo: string): Promise<BankTrade | undefined>;
  /** Replaces the pending faults. */
  setFaults(faults: readonly Fault[]): void;
  /** The pending faults. */
  readonly faults: readonly Fault[];
  /** Stops deliveries and pauses; the bank's records remain. */
  close(): Promise<void>;
}

const TRADE_NUMBER_BYTES = 12;

export function createSandboxBank(options: SandboxBankOptions): SandboxBank {
  return new Bank(options);
}

class Bank implements SandboxBank {
  readonly #options: SandboxBankOptions;
  readonly #faults: BankFaults = new FaultPlan();
  readonly #postman: BankPostman;
  readonly #turns = new Turns();
  readonly #pauses = new Map<Timer, () => void>();

  constructor(options: SandboxBankOptions) {
    this.#options = options;
    this.#postman = createPostman({ ...options, faults: this.#faults });
  }

  start(): Promise<void> {
    return this.#postman.start();
  }

  async close(): Promise<void> {
    for (const [timer, goOn] of this.#pauses) {
      timer.clear();
      goOn();
    }
    await this.#postman.close();
  }

  setFaults(faults: readonly Fault[]): void {
    this.#faults.set(faults);
  }

  get faults(): readonly Fault[] {
    return this.#faults.waiting;
  }

  trade(outTradeNo: string): Promise<BankTrade | undefined> {
    return this.#options.store.trade(outTradeNo);
  }

  pay(outTradeNo: string, payment: Payment = {}): Promise<BankTrade> {
    return this.#change(outTradeNo, (known, now) => {
      const { state } = tradeStateOf(known, now);
      const late = state === "closed" && this.#faults.take({ outTradeNo }, "pay.late") !== undefined;
      return payTrade(known, payment, { now, late });
    });
  }

  async answer(request: BankRequest): Promise<BankAnswer> {
    const { appId, secret, runtime } = this.#options;
    const operation = OPERATIONS.find((one) => one === request.operation);
    if (operation === undefined) return unsigned(404, "no such operation");
    const signature = request.headers[SIGNATURE_HEADER] ?? "";
    const signed = { secret, purpose: PURPOSE.request(operation), body: request.body };
    const known = request.headers[APP_HEADER] === appId;
    if (!known || !isSigned(signature, signed, runtime.now()))
      return unsigned(401, "not signed by the merchant");
    const answer = await this.#answerFaulty(operation, readJson(request.body));
    if (answer === undefined) return unsigned(500, "the sandbox has an error, as it was told to");
    const body = writeJson(answer);
    const ours = { secret, purpose: PURPOSE.answer(signature), body };
    const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: sign(ours, runtime.now()) };
    return { status: 200, headers, body };
  }

  /** Undefined if an error is to be answered instead. */
  async #answerFaulty(operation: Operation, message: unknown): Promise<object | undefined> {
    const request = REQUESTS[operation].safeParse(message);
    if (!request.success) return refused("BAD_REQUEST", request.error.issues[0]?.path.join(".") ?? "");
    const fault = this.#faults.take(
      { outTradeNo: request.data.outTradeNo },
      `${operation}.slow`,
      `${operation}.error-before`,
      `${operation}.error-after`,
    );
    const does = fault?.fault.split(".")[1];
    if (does === "error-before") return undefined;
    const answer = await this.#carryOut(operation, request.data);
    if (does === "slow") await this.#pause(fault?.ms ?? 0);
    return does === "error-after" ? undefined : answer;
  }

  async #carryOut(operation: Operation, request: unknown): Promise<object> {
    try {
      // Each operation gets a request that its own schema has accepted.
      const carry = this.#operations[operation] as (request: unknown) => Promise<object>;
      return { code: OK, ...(await carry(request)) };
    } catch (error) {
      if (error instanceof Refusal) return refused(error.code, error.message);
      throw error;
    }
  }

  readonly #operations: {
    readonly [Name in Operation]: (request: RequestOf<Name>) => Promise<AnswerOf<Name>>;
  } = {
    prepay: async (request) => {
      const { outTradeNo } = request;
      await this.#change(outTradeNo, (known, now) =>
        openTrade(known, request, { now, newNumber: this.#newNumber }),
      );
      return { credential: this.#options.cashierUrl(outTradeNo) };
    },
    query: async ({ outTradeNo }) => ({
      trade: tradeStateOf(await this.trade(outTradeNo), this.#options.runtime.now()),
    }),
    close: async ({ outTradeNo }) => {
      const trade = await this.#change(outTradeNo, (known) => closeTrade(known, outTradeNo, this.#newNumber));
      return { trade: closedOrPaid(trade, this.#options.runtime.now()) };
    },
    refund: async (request) => {
      const trade = await this.#change(request.outTradeNo, (known, now) =>
        refundTrade(known, request, {
          course: () => this.#courseOf(request.outTradeNo, now),
          newNumber: this.#newNumber,
        }),
      );
      return { refund: refundState(trade, request.refundNo, this.#options.runtime.now()) };
    },
    "query-refund": async ({ outTradeNo, refundNo }) => {
      const trade = await this.trade(outTradeNo);
      return { refund: refundState(trade, refundNo, this.#options.runtime.now()) };
    },
  };

  /** The fate of a refund that starts now. */
  #courseOf(outTradeNo: string, now: number): RefundCourse {
    const fault = this.#faults.take({ outTradeNo }, "refund.refused", "refund.processing", "refund.failed");
    if (fault?.fault === "refund.refused") throw new Refusal("REFUND_REFUSED", "the refund is refused");
    const outcome = fault?.fault === "refund.failed" ? "failed" : "succeeded";
    return { outcome, settleAt: now + (fault?.ms ?? 0) };
  }

  /** Applies a rule to a trade, one at a time, and notifies the merchant. */
  #change(
    outTradeNo: string,
    rule: (known: BankTrade | undefined, now: number) => BankTrade,
  ): Promise<BankTrade> {
    const { store, runtime } = this.#options;
    return this.#turns.run(outTradeNo, async () => {
      const known = await store.trade(outTradeNo);
      const now = runtime.now();
      const trade = rule(known, now);
      if (trade === known) return trade;
      const notices = noticesOf(known, trade, now);
      await store.save({ trade, notices });
      this.#postman.add(notices);
      return trade;
    });
  }

  readonly #newNumber = (): string =>
    `sb${Buffer.from(this.#options.runtime.randomBytes(TRADE_NUMBER_BYTES)).toString("hex")}`;

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.runtime.setTimer(() => {
        this.#pauses.delete(timer);
        resolve();
      }, ms);
      this.#pauses.set(timer, resolve);
    });
  }
}

function refused(code: string, message: string): object {
  return { code, message };
}

/** An unsigned answer, which tells the merchant nothing. */
function unsigned(status: number, text: string): BankAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: Buffer.from(`${text}\n`) };
}
