import type { HttpRequest } from "@mall/kit/http";
import type { Payment } from "@mall/pay/sandbox/bank";
import type { Bank } from "./bank.ts";
import type { ChannelBanks } from "./channels/channel-banks.ts";
import type { HttpServer } from "./http.ts";
import type { BuyersTrade, TradeAtBank } from "./trade-at-bank.ts";

/** Where the mall's buyers pay: at the sandbox bank, and in some runs at real channels too. */
export class Banks {
  readonly #sandbox: Bank;
  readonly #channels: ChannelBanks | undefined;

  constructor(sandbox: Bank, channels: ChannelBanks | undefined) {
    this.#sandbox = sandbox;
    this.#channels = channels;
  }

  async start(): Promise<void> {
    await this.#sandbox.start();
    await this.#channels?.start();
  }

  /** Changes so far. */
  get version(): number {
    return this.#sandbox.records.version + (this.#channels?.version ?? 0);
  }

  get trades(): readonly TradeAtBank[] {
    return [...this.#sandbox.trades, ...(this.#channels?.trades ?? [])];
  }

  /** The events that the mall has said it has taken. */
  get acknowledged(): ReadonlySet<string> {
    return new Set([...this.#sandbox.acknowledged, ...(this.#channels?.acknowledged ?? [])]);
  }

  /** Events that the mall has taken and should have refused. */
  get wronglyTaken(): readonly string[] {
    return this.#channels?.wronglyTaken ?? [];
  }

  /** Events that the mall has called forged and should have taken. */
  get wronglyRefused(): readonly string[] {
    return this.#channels?.wronglyRefused ?? [];
  }

  /** What was posted to the mall, as it was sent. */
  get posted(): readonly HttpRequest[] {
    return [...this.#sandbox.posted, ...(this.#channels?.posted ?? [])];
  }

  /** The bank at an address of a request. */
  serverOf(url: string): HttpServer | undefined {
    return new URL(url).host === this.#sandbox.host ? this.#sandbox : this.#channels?.serverOf(url);
  }

  /** The buyer pays; false where the bank does not take the money. */
  pay(trade: BuyersTrade, payment?: Payment): Promise<boolean> {
    return this.#of(trade)?.pay(trade, payment) ?? this.#sandbox.pay(trade.outTradeNo, payment);
  }

  /** The buyer pays, and the bank does not look whether it has closed the trade. */
  payLate(trade: BuyersTrade): Promise<boolean> {
    return this.#of(trade)?.payLate(trade) ?? this.#sandbox.payLate(trade.outTradeNo);
  }

  /** What a trade of the sandbox costs; undefined for another's. */
  amountOf(trade: BuyersTrade): number | undefined {
    return this.#of(trade) === undefined ? this.#sandbox.amountOf(trade.outTradeNo) : undefined;
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#sandbox.calmDown();
    this.#channels?.calmDown();
  }

  #of({ channel }: BuyersTrade): ChannelBanks | undefined {
    return channel === this.#sandbox.channel ? undefined : this.#channels;
  }
}
