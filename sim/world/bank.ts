import { AppError } from "@mall/kit/errors";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import {
  type BankAnswer,
  createSandboxBank,
  type Payment,
  Refusal,
  type SandboxBank,
} from "@mall/pay/sandbox/bank";
import type { Faults } from "../faults/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { drawBankFaults } from "./bank-moods.ts";
import { BankRecords } from "./bank-records.ts";
import { sandboxTrades } from "./sandbox-trades.ts";
import type { TradeAtBank } from "./trade-at-bank.ts";

export interface BankOptions {
  readonly kernel: Kernel;
  readonly faults: Faults;
  readonly name: string;
  readonly host: string;
  /** The mall's name of it. */
  readonly channel: string;
  readonly runtime: Runtime;
  readonly appId: string;
  readonly secret: string;
  /** The way to the mall, for notifications. */
  readonly http: HttpTransport;
}

/** A payment channel of the simulated world: a sandbox bank with its own books, which never lie. */
export class Bank {
  readonly name: string;
  readonly host: string;
  readonly channel: string;
  readonly records = new BankRecords();
  /** What it has posted to the mall, as it was sent. */
  readonly posted: HttpRequest[] = [];
  /** The events that the mall has said it has taken. */
  readonly acknowledged = new Set<string>();
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #runtime: Runtime;
  readonly #bank: SandboxBank;

  constructor(options: BankOptions) {
    const { kernel, faults, name, host, channel, runtime, appId, secret, http } = options;
    this.name = name;
    this.host = host;
    this.channel = channel;
    this.#runtime = runtime;
    this.#kernel = kernel;
    this.#faults = faults;
    this.#bank = createSandboxBank({
      appId,
      secret,
      runtime,
      http: {
        send: async (request, limits) => {
          this.posted.push(request);
          const answer = await http.send(request, limits);
          if (answer.status === 200) this.acknowledged.add(eventOf(request));
          return answer;
        },
      },
      store: this.records,
      log: silentLogger,
      cashierUrl: (outTradeNo) => outTradeNo,
    });
  }

  start(): Promise<void> {
    return this.#bank.start();
  }

  /** Answers a request of the mall, as the bank or as a bank that has an error. */
  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const { body = new Uint8Array(), headers, url } = request;
    const operation = url.slice(url.lastIndexOf("/") + 1);
    const { outTradeNo = "" } = JSON.parse(Buffer.from(body).toString("utf8")) as { outTradeNo?: string };
    this.#plan(outTradeNo, operation);
    const answer: BankAnswer = await this.#bank.answer({ operation, headers, body });
    this.#kernel.log(this.name, `${operation} ${outTradeNo}: ${Buffer.from(answer.body).toString("utf8")}`);
    return answer;
  }

  /** The buyer pays; false where the bank does not take the money. */
  async pay(outTradeNo: string, payment: Payment = {}): Promise<boolean> {
    this.#plan(outTradeNo, "pay");
    try {
      const trade = await this.#bank.pay(outTradeNo, payment);
      this.#kernel.log(this.name, `is paid ${outTradeNo} ${JSON.stringify(trade.payment)}`);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#kernel.log(this.name, `takes no money for ${outTradeNo}: ${error.code}`);
      return false;
    }
  }

  /** The buyer pays, and the bank does not look whether it has closed the trade. */
  payLate(outTradeNo: string): Promise<boolean> {
    this.#bank.setFaults([...this.#bank.faults, { fault: "pay.late", outTradeNo }]);
    return this.pay(outTradeNo);
  }

  /** What it has taken and may take. */
  get trades(): readonly TradeAtBank[] {
    return sandboxTrades(this.records.trades.values(), this.#runtime.now());
  }

  /** What a trade costs; 0 for one that the bank does not know. */
  amountOf(outTradeNo: string): number {
    return this.records.trades.get(outTradeNo)?.amount ?? 0;
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#bank.setFaults([]);
  }

  #plan(outTradeNo: string, operation: string): void {
    const planned = drawBankFaults(this.#faults, this.name, outTradeNo, operation);
    if (planned.length > 0) this.#bank.setFaults([...this.#bank.faults, ...planned]);
  }
}

/** The number of the event that a notification is about. */
function eventOf({ body = new Uint8Array() }: HttpRequest): string {
  const { id } = JSON.parse(Buffer.from(body).toString("utf8")) as { readonly id: string };
  return id;
}

/** No answer came over the network. */
export function noAnswer(): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
}
