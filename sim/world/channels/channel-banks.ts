import {
  type ChannelSimulator,
  createChannelSimulator,
  type Delivery,
  MemoryStore,
  type Payment,
  Refusal,
  type SimAnswer,
} from "@mall/channel-sim/bank";
import type { HttpAnswer, HttpRequest, HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { Faults } from "../../faults/index.ts";
import type { Kernel } from "../../kernel/index.ts";
import { noAnswer } from "../bank.ts";
import { type HttpServer, lowerCase } from "../http.ts";
import type { BuyersTrade, TradeAtBank } from "../trade-at-bank.ts";
import type { BankName, ChannelAccounts } from "./accounts.ts";
import { type BankOperation, drawChannelFaults } from "./bank-faults.ts";
import { readBankTrades } from "./bank-trades.ts";
import { eventOf, isFalse, movesToldBy, returnedBy } from "./deliveries.ts";
import { disputeLater } from "./disputes.ts";
import { KeyChanges } from "./key-changes.ts";

/** Waits that the banks make up are shorter by this, so that a run sees their ends. */
const SPEED = 20;
/** The mall's status for what no channel has signed. */
const FORGED = 401;

export interface ChannelBanksOptions {
  readonly kernel: Kernel;
  readonly faults: Faults;
  readonly runtime: Runtime;
  readonly accounts: ChannelAccounts;
  /** The way to the mall, for notifications. */
  readonly http: HttpTransport;
}

/** Alipay, WeChat Pay and Stripe in the simulated world: the simulator's own banks, whose books never lie. */
export class ChannelBanks {
  /** What they have posted to the mall, as it was sent. */
  readonly posted: HttpRequest[] = [];
  /** The events that the mall has said it has taken. */
  readonly acknowledged = new Set<string>();
  /** Of these, what it should have refused. */
  readonly wronglyTaken: string[] = [];
  /** Events that the mall has called forged, and that are what their channel had to say. */
  readonly wronglyRefused: string[] = [];
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #runtime: Runtime;
  readonly #accounts: ChannelAccounts;
  readonly #store: MemoryStore;
  readonly #simulator: ChannelSimulator;
  readonly #keys: KeyChanges;
  readonly #returnsHeard = new Set<string>();
  readonly #movesHeard = new Set<string>();

  constructor({ kernel, faults, runtime, accounts, http }: ChannelBanksOptions) {
    this.#kernel = kernel;
    this.#faults = faults;
    this.#runtime = runtime;
    this.#accounts = accounts;
    this.#store = new MemoryStore(accounts.records);
    this.#simulator = createChannelSimulator({
      ...{ accounts: accounts.known, store: this.#store, runtime, log: silentLogger },
      http: {
        send: (request, limits) => {
          this.posted.push(request);
          return http.send(request, limits);
        },
      },
      publicUrl: () => "http://channels.sim",
      nextPlatformKey: async () => accounts.replaceable.nextPlatformKey,
      onDelivery: (delivery) => this.#delivered(delivery),
    });
    this.#simulator.speed = SPEED;
    this.#keys = new KeyChanges({ kernel, simulator: this.#simulator, accounts });
  }

  /** Changes so far. */
  get version(): number {
    return this.#store.version;
  }

  /** What they have taken and may take. */
  get trades(): readonly TradeAtBank[] {
    const known = {
      now: this.#runtime.now(),
      returnsHeard: this.#returnsHeard,
      movesHeard: this.#movesHeard,
    };
    return readBankTrades(this.#store, this.#accounts.list, known);
  }

  start(): Promise<void> {
    return this.#simulator.start();
  }

  /** The bank at an address of a request; undefined where none is there. */
  serverOf(url: string): HttpServer | undefined {
    const bank = this.#accounts.list.find((account) => new URL(url).host === `${account.bank}.sim`)?.bank;
    return bank && { name: `bank-${bank}`, answer: (request) => this.#answer(bank, request) };
  }

  /** The buyer pays; false where the bank does not take the money. */
  async pay(trade: BuyersTrade, payment: Payment = {}): Promise<boolean> {
    const { outTradeNo } = trade;
    const bank = this.#bankOf(trade);
    this.#plan(bank, "pay");
    try {
      await this.#come(bank, trade);
      const { state, amount } = await this.#payAt(bank, trade, payment);
      this.#kernel.log(`bank-${bank}`, `is paid ${outTradeNo}: ${state} ${amount}`);
      if (bank === "stripe") this.#planDispute(numberAt(bank, trade), amount);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#kernel.log(`bank-${bank}`, `takes no money for ${outTradeNo}: ${error.code}`);
      return false;
    }
  }

  /** The buyer pays, and the bank does not look whether it has closed the trade. */
  payLate(trade: BuyersTrade): Promise<boolean> {
    const channel = this.#bankOf(trade);
    this.#addFaults([{ fault: "pay.late", channel, outTradeNo: numberAt(channel, trade) }]);
    return this.pay(trade);
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#simulator.setFaults([]);
  }

  /** Brings to the bank what it hears of only by the buyer: Alipay's links, codes and texts. */
  async #come(bank: BankName, { product, credential }: BuyersTrade): Promise<void> {
    if (bank !== "alipay" || product === "qr") return;
    const url = product === "app" ? `/gateway.do?${credential}` : pathOf(credential);
    await this.#simulator.answer({ method: "GET", url, headers: {}, body: new Uint8Array() });
  }

  #payAt(bank: BankName, trade: BuyersTrade, payment: Payment) {
    const isSigned = bank === "wechat" && (trade.product === "jsapi" || trade.product === "app");
    if (isSigned && payment.amount === undefined) return this.#simulator.bridge(JSON.parse(trade.credential));
    return this.#simulator.pay(bank, numberAt(bank, trade), { amount: payment.amount });
  }

  /** Answers a request of the mall, as the bank or as a bank that has an error. */
  async #answer(bank: BankName, request: HttpRequest): Promise<HttpAnswer> {
    const { method, url, headers, body = new Uint8Array() } = request;
    this.#plan(bank, operationOf(url));
    const answer = await this.#simulator.answer({ method, url: pathOf(url), headers, body });
    this.#kernel.log(`bank-${bank}`, `${method} ${wordOf(url)}: ${describe(answer)}`);
    if (answer.cut !== undefined) throw noAnswer();
    return { status: answer.status, headers: lowerCase(answer.headers), body: answer.body };
  }

  #delivered(delivery: Delivery): void {
    const event = eventOf(delivery);
    if (!delivery.acknowledged) {
      if (this.#isCalledForged(delivery)) this.wronglyRefused.push(event);
      return;
    }
    this.acknowledged.add(event);
    const returned = returnedBy(delivery);
    if (returned !== undefined) this.#returnsHeard.add(returned);
    for (const move of movesToldBy(delivery)) this.#movesHeard.add(move);
    if (isFalse(delivery)) this.wronglyTaken.push(`${event} with ${JSON.stringify(delivery.flaw)}`);
  }

  /** A certificate of WeChat Pay's that began minutes after the others were asked for is not looked for at once. */
  #isCalledForged({ letter, flaw, status }: Delivery): boolean {
    return status === FORGED && flaw === undefined && !this.#keys.isRotated(letter.account);
  }

  #plan(bank: BankName, operation: BankOperation): void {
    this.#addFaults(drawChannelFaults(this.#faults, bank, operation));
    if (bank === "alipay") return;
    const struck = this.#faults.strikes("keyReplaced", `bank-${bank}`);
    if (struck === undefined) return;
    if (bank === "wechat") void this.#keys.changeAtWechat(struck.random);
    else void this.#keys.changeAtStripe(struck.random);
  }

  #planDispute(trade: string, amount: number): void {
    const random = this.#faults.strikes("disputed", "bank-stripe")?.random;
    if (random === undefined) return;
    disputeLater(this.#kernel, this.#simulator, { trade, amount, random }).catch((error: unknown) =>
      this.#kernel.fail(error),
    );
  }

  #addFaults(planned: Parameters<ChannelSimulator["setFaults"]>[0]): void {
    if (planned.length > 0) this.#simulator.setFaults([...this.#simulator.faults, ...planned]);
  }

  #bankOf({ channel }: BuyersTrade): BankName {
    const account = this.#accounts.list.find(({ name }) => name === channel);
    if (account === undefined) throw new Error(`there is no account ${channel}`);
    return account.bank;
  }
}

/** What the bank calls a trade: Stripe by its own id, which the buyer has from the mall. */
function numberAt(bank: BankName, { outTradeNo, credential }: BuyersTrade): string {
  if (bank !== "stripe") return outTradeNo;
  return credential.split("/").at(-1)?.split("_secret_")[0] ?? "";
}

/** What the mall asks for, as far as that makes a difference to what may go wrong. */
function operationOf(url: string): BankOperation {
  const word = wordOf(url);
  if (/(trade\.close|\/close|\/expire|\/cancel)$/.test(word)) return "close";
  return /(trade\.refund|\/refunds)$/.test(word) ? "refund" : "other";
}

/** The method of Alipay's gateway, or a path without its query. */
function wordOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  return searchParams.get("method") ?? pathname;
}

function pathOf(url: string): string {
  return url.slice(new URL(url).origin.length);
}

/** Signatures and what is encrypted tell nothing. */
function describe({ status, body, cut }: SimAnswer): string {
  if (cut !== undefined) return `cut ${cut}`;
  return `${status} ${Buffer.from(body)
    .toString("utf8")
    .replaceAll(/"(sign|ciphertext)":"[^"]*"/g, '"$1":…')}`;
}
