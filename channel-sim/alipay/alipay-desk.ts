import { chinaTime } from "../core/china-time.ts";
import type { SimCore } from "../core/sim-core.ts";
import type { SimLetter } from "../core/sim-store.ts";
import type { AlipayAccount } from "./account.ts";
import { AlipayBillDesk } from "./bill-desk.ts";
import type { Params } from "./params.ts";
import { alipayRequests, readContent, type TradeNumbers } from "./requests.ts";
import { closeTrade, openTrade, payTrade, refundTrade, scanTrade } from "./rules.ts";
import { alipayErrors } from "./said.ts";
import {
  type AlipayRefund,
  type AlipayTrade,
  noticeOf,
  type Product,
  queriedOf,
  refundedAnswer,
  refundQueriedOf,
  statusOf,
} from "./trade.ts";

const TRADE = "alipay.trade";
/** Its values are the merchant's numbers of the trades. */
const TRADE_NO = "alipay.trade-no";

type Told = Readonly<Record<string, unknown>>;

/** Carries out what apps and buyers want, on the records of one simulator. */
export class AlipayDesk {
  readonly bills: AlipayBillDesk;
  readonly #core: SimCore;
  readonly #accounts: readonly AlipayAccount[];

  constructor(core: SimCore, accounts: readonly AlipayAccount[]) {
    this.#core = core;
    this.#accounts = accounts;
    this.bills = new AlipayBillDesk({
      core,
      trades: () => this.all(),
      sells: (sellerId, appId) =>
        accounts.some((account) => account.sellerId === sellerId && account.appId === appId),
    });
  }

  /** @throws Error for an app that is not known any more */
  accountOf(appId: string): AlipayAccount {
    const account = this.#accounts.find((one) => one.appId === appId);
    if (account === undefined) throw new Error(`app ${appId} is not known any more`);
    return account;
  }

  find(outTradeNo: string): Promise<AlipayTrade | undefined> {
    return this.#core.store.find<AlipayTrade>(TRADE, outTradeNo);
  }

  all(): Promise<readonly AlipayTrade[]> {
    return this.#core.store.list<AlipayTrade>(TRADE);
  }

  /** Where the buyer pays a trade; of a QR, what it holds. */
  pageOf({ outTradeNo }: AlipayTrade): string {
    return `${this.#core.publicUrl()}/simulator/pay/alipay/${encodeURIComponent(outTradeNo)}`;
  }

  open(product: Product, params: Params): Promise<AlipayTrade> {
    const request = readContent(params, alipayRequests.pay);
    for (const name of ["notify_url", "return_url"]) demandUrl(name, params[name]);
    const drawn = {
      tradeNo: `${this.#day()}22001${this.#core.digits(15)}`,
      buyerId: `2088${this.#core.digits(12)}`,
    };
    return this.#change(request.out_trade_no, (known, now) => {
      if (known !== undefined && known.appId !== params.app_id) throw alipayErrors.repeated();
      const trade = openTrade(known, { product, params, request }, { now, ...drawn });
      // A page is opened by the buyer itself; a code waits to be scanned.
      return product === "precreate" ? trade : scanTrade(trade, now);
    });
  }

  async precreate(params: Params): Promise<Told> {
    const trade = await this.open("precreate", params);
    return { out_trade_no: trade.outTradeNo, qr_code: this.pageOf(trade) };
  }

  async query(params: Params): Promise<Told> {
    const trade = await this.#demand(params, readContent(params, alipayRequests.one));
    return queriedOf(trade, this.#core.runtime.now());
  }

  async close(params: Params): Promise<Told> {
    const { outTradeNo } = await this.#demand(params, readContent(params, alipayRequests.one));
    const loses = this.#core.faults.take(
      { channel: "alipay", outTradeNo, operation: "close" },
      "close.loses",
    );
    if (loses !== undefined) await this.pay(outTradeNo, undefined);
    const trade = await this.#change(outTradeNo, closeTrade);
    return { out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo };
  }

  async refund(params: Params): Promise<Told> {
    const request = readContent(params, alipayRequests.refund);
    const before = await this.#demand(params, request);
    let first = false;
    const trade = await this.#change(before.outTradeNo, (known, now) => {
      const changed = refundTrade(known, request, () => this.#courseOf(before.outTradeNo, now), now);
      first = changed !== known;
      return changed;
    });
    const outRequestNo = request.out_request_no ?? trade.outTradeNo;
    const refund = trade.refunds.find((one) => one.outRequestNo === outRequestNo);
    if (refund === undefined) throw alipayErrors.own();
    return refundedAnswer(trade, refund, first, this.#core.runtime.now());
  }

  async queryRefund(params: Params): Promise<Told> {
    const request = readContent(params, alipayRequests.refundQuery);
    const trade = await this.#demand(params, request);
    return refundQueriedOf(trade, request.out_request_no, this.#core.runtime.now());
  }

  /** The buyer opens a trade, if there is one. */
  async scan(outTradeNo: string): Promise<void> {
    if ((await this.find(outTradeNo)) === undefined) return;
    await this.#change(outTradeNo, (known, now) => {
      if (known === undefined) throw alipayErrors.absent();
      return scanTrade(known, now);
    });
  }

  /** @throws Refusal */
  pay(outTradeNo: string, total: number | undefined): Promise<AlipayTrade> {
    return this.#change(outTradeNo, (known, now) => {
      const closed = known !== undefined && statusOf(known, now) === "TRADE_CLOSED";
      const scope = { channel: "alipay", outTradeNo, operation: "pay" };
      const late = closed && this.#core.faults.take(scope, "pay.late") !== undefined;
      return payTrade(known, { total, late }, now);
    });
  }

  /** The app's own trade by either number, once the buyer has opened it. */
  async #demand({ app_id }: Params, { out_trade_no, trade_no }: TradeNumbers): Promise<AlipayTrade> {
    // Where both are given, Alipay's own number goes first.
    const number = trade_no === "" ? out_trade_no : await this.#core.store.find<string>(TRADE_NO, trade_no);
    const trade = number === undefined ? undefined : await this.find(number);
    if (trade?.createdAt === undefined || trade.appId !== app_id) throw alipayErrors.absent();
    return trade;
  }

  /** How a refund goes that begins now. */
  #courseOf(outTradeNo: string, now: number): Pick<AlipayRefund, "outcome" | "settleAt"> {
    const scope = { channel: "alipay", outTradeNo, operation: "refund" };
    const fault = this.#core.faults.take(scope, "refund.refused", "refund.abnormal", "refund.slow");
    if (fault?.fault === "refund.refused") throw alipayErrors.noMoney();
    const outcome = fault?.fault === "refund.abnormal" ? "failed" : "succeeded";
    return { outcome, settleAt: now + (fault?.ms ?? 0) };
  }

  /** In China, as numbers begin. */
  #day(): string {
    return chinaTime(this.#core.runtime.now()).slice(0, 10).replaceAll("-", "");
  }

  /** Moves a trade on by a rule, alone on it, and tells the app. */
  #change(
    outTradeNo: string,
    rule: (known: AlipayTrade | undefined, now: number) => AlipayTrade,
  ): Promise<AlipayTrade> {
    return this.#core.alone(`alipay ${outTradeNo}`, async () => {
      const known = await this.find(outTradeNo);
      const now = this.#core.runtime.now();
      const trade = rule(known, now);
      if (trade === known) return trade;
      await this.#core.commit({
        records: [
          { kind: TRADE, id: outTradeNo, value: trade },
          { kind: TRADE_NO, id: trade.tradeNo, value: outTradeNo },
        ],
        letters: trade.notifyUrl === "" ? [] : this.#lettersOf(known, trade, now),
      });
      return trade;
    });
  }

  /** A payment, and each refund that succeeds, is told at the address of the payment. */
  #lettersOf(known: AlipayTrade | undefined, trade: AlipayTrade, now: number): SimLetter[] {
    const account = this.accountOf(trade.appId);
    const paid = known?.payment === undefined && trade.payment !== undefined;
    const refunds = trade.refunds.filter(
      (refund) => refund.outcome === "succeeded" && !known?.refunds.includes(refund),
    );
    const letter = (refund: AlipayRefund | undefined, dueAt: number): SimLetter => ({
      id: `${this.#day()}00${this.#core.hex(24)}`,
      channel: "alipay",
      account: trade.appId,
      outTradeNo: trade.outTradeNo,
      url: trade.notifyUrl,
      message: JSON.stringify(noticeOf(trade, account, refund, now)),
      dueAt,
      attempts: 0,
    });
    return [
      ...(paid ? [letter(undefined, now)] : []),
      ...refunds.map((refund) => letter(refund, refund.settleAt)),
    ];
  }
}

/** @throws AlipayError for what is neither empty nor an address that a browser may be led to */
function demandUrl(name: string, value = ""): void {
  if (value === "") return;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) throw alipayErrors.parameter(name);
}
