import type { HttpAnswer } from "@mall/kit/http";
import { chinaTime, readChinaTime } from "../core/china-time.ts";
import { answerExchange } from "../core/exchange.ts";
import { signRsa } from "../core/pem-keys.ts";
import type { LetterFlaw, Payment, SimChannel, TradeView } from "../core/sim-channel.ts";
import type { SimCore } from "../core/sim-core.ts";
import { htmlAnswer, originOf, pathOf, type SimAnswer, type SimRequest } from "../core/sim-http.ts";
import type { SimLetter } from "../core/sim-store.ts";
import { yuan } from "../core/yuan.ts";
import type { AlipayAccount } from "./account.ts";
import { AlipayDesk } from "./alipay-desk.ts";
import { BILL_PATH } from "./bill-desk.ts";
import { METHODS, PAGES } from "./methods.ts";
import { isSignedBy, type Params, paramsOf, signedText } from "./params.ts";
import { AlipayError, alipayErrors, lieAbout, type Said } from "./said.ts";
import { sealAnswer } from "./seal.ts";
import { type AlipayTrade, refundedOf, statusOf } from "./trade.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Eight sends in about 25 h; from documents, of which some say 2 min first. */
const RETRY_MS: readonly number[] = [
  4 * MINUTE_MS,
  10 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  15 * HOUR_MS,
];

/** SDKs write the zone of their process, not China's: a day covers all of them. */
const CLOCK_MS_MAX = 24 * HOUR_MS;

export function createAlipayChannel(core: SimCore, accounts: readonly AlipayAccount[]): SimChannel {
  return new Alipay(core, accounts);
}

/** Alipay's gateway of the open platform (RSA2, JSON). */
class Alipay implements SimChannel {
  readonly name = "alipay";
  readonly retryMs = RETRY_MS;
  readonly notifyTimeoutMs = 10_000;
  readonly #core: SimCore;
  readonly #desk: AlipayDesk;
  readonly #accounts: readonly AlipayAccount[];

  constructor(core: SimCore, accounts: readonly AlipayAccount[]) {
    this.#core = core;
    this.#accounts = accounts;
    this.#desk = new AlipayDesk(core, accounts);
  }

  answer(request: SimRequest): Promise<SimAnswer> | undefined {
    const path = pathOf(request);
    if (path === "/gateway.do") return this.#answer(request);
    return path === BILL_PATH ? this.#download(request) : undefined;
  }

  async pay(outTradeNo: string, { amount }: Payment): Promise<TradeView> {
    return this.#viewOf(await this.#desk.pay(outTradeNo, amount));
  }

  scan(outTradeNo: string): Promise<void> {
    return this.#desk.scan(outTradeNo);
  }

  async trade(outTradeNo: string): Promise<TradeView | undefined> {
    const trade = await this.#desk.find(outTradeNo);
    return trade && this.#viewOf(trade);
  }

  async trades(): Promise<readonly TradeView[]> {
    return (await this.#desk.all()).map((trade) => this.#viewOf(trade));
  }

  write(letter: SimLetter, flaw: LetterFlaw | undefined) {
    const account = this.#desk.accountOf(letter.account);
    const told = JSON.parse(letter.message) as Record<string, string>;
    const params: Record<string, string> = {
      ...(flaw?.lie === undefined ? told : lieAbout(told, flaw.lie)),
      charset: "utf-8",
      notify_id: letter.id,
      notify_time: chinaTime(this.#core.runtime.now()),
      notify_type: "trade_status_sync",
      sign_type: "RSA2",
      version: "1.0",
    };
    const sign = signRsa(signedText(params, ["sign", "sign_type"]), account.alipayPrivateKey);
    if (flaw?.tampered === true) params.total_amount = "0.01";
    if (flaw?.seal?.flaw !== "unsigned")
      params.sign = flaw?.seal === undefined ? sign : `AAAA${sign.slice(4)}`;
    const headers = { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" };
    return { headers, body: Buffer.from(new URLSearchParams(params).toString()) };
  }

  /** Seven characters and nothing else. */
  acknowledged({ status, body }: HttpAnswer): boolean {
    return status === 200 && Buffer.from(body).toString("utf8") === "success";
  }

  /** Nobody signs for a bill's file, nor is it signed. */
  #download(request: SimRequest): Promise<SimAnswer> {
    return answerExchange<SimAnswer>(this.#core, {
      channel: this.name,
      operation: "bill-file",
      outTradeNo: "",
      carryOut: async () => this.#desk.bills.download(request),
      lie: (said) => said,
      trouble: (what) => ({
        status: what === "error" ? 500 : 429,
        headers: {},
        body: new Uint8Array(),
      }),
      seal: (said) => said,
    });
  }

  async #answer(request: SimRequest): Promise<SimAnswer> {
    const params = paramsOf(request);
    const { method = "" } = params;
    const account = this.#accounts.find(({ appId }) => appId === params.app_id);
    // Nobody knows whom this would be signed for, or it is no method at all.
    if (account === undefined) return sealAnswer({ node: "error_response", body: alipayErrors.app().body });
    const product = PAGES.get(method);
    if (product !== undefined) return this.#openPage(product, account, params);
    const carry = METHODS.get(method);
    const node = carry === undefined ? "error_response" : `${method.replaceAll(".", "_")}_response`;
    return answerExchange<Said>(this.#core, {
      channel: this.name,
      operation: carry?.operation ?? "",
      outTradeNo: numberIn(params),
      carryOut: async () => ({
        node,
        body: await this.#bodyOf(account, params, async () => {
          if (carry === undefined) throw alipayErrors.method();
          return carry.carryOut(this.#desk, params, account, originOf(request, this.#core.publicUrl()));
        }),
      }),
      lie: (said, lie) => ({ ...said, body: lieAbout(said.body, lie) }),
      trouble: (what) => ({
        node,
        body: (what === "error" ? alipayErrors.own() : alipayErrors.tooOften()).body,
      }),
      seal: (said, flaw) => sealAnswer(said, account, flaw),
    });
  }

  /** What the gateway says: a success, or why not; both with status 200. */
  async #bodyOf(
    account: AlipayAccount,
    params: Params,
    carryOut: () => Promise<Readonly<Record<string, unknown>>>,
  ): Promise<Said["body"]> {
    try {
      this.#demandSigned(account, params);
      return { code: "10000", msg: "Success", ...(await carryOut()) };
    } catch (error) {
      if (error instanceof AlipayError) return error.body;
      throw error;
    }
  }

  #demandSigned(account: AlipayAccount, params: Params): void {
    for (const name of ["sign", "timestamp", "version"]) if (!params[name]) throw alipayErrors.missing(name);
    if (!isSignedBy(account, params)) throw alipayErrors.signature();
    const { certificates } = account;
    if (certificates !== undefined) {
      const { app_cert_sn, alipay_root_cert_sn } = params;
      if (app_cert_sn !== certificates.appSn || alipay_root_cert_sn !== certificates.rootSn) {
        throw alipayErrors.certificate();
      }
    }
    const off = Math.abs(readChinaTime(params.timestamp ?? "") - this.#core.runtime.now());
    if (!(off <= CLOCK_MS_MAX)) throw alipayErrors.timestamp();
  }

  /** A browser that comes by a signed form or address goes on to the buyer's page. */
  async #openPage(product: Parameters<AlipayDesk["open"]>[0], account: AlipayAccount, params: Params) {
    try {
      this.#demandSigned(account, params);
      const trade = await this.#desk.open(product, params);
      return { status: 302, headers: { Location: this.#desk.pageOf(trade) }, body: new Uint8Array() };
    } catch (error) {
      if (!(error instanceof AlipayError)) throw error;
      return htmlAnswer(200, `<!doctype html><meta charset="utf-8"><p>${error.message}</p>`);
    }
  }

  #viewOf(trade: AlipayTrade): TradeView {
    const { outTradeNo, subject, total, payment, product, createdAt } = trade;
    const now = this.#core.runtime.now();
    const status = createdAt === undefined ? "TRADE_NOT_EXIST" : statusOf(trade, now);
    const refunded = refundedOf(trade);
    const page = this.#desk.pageOf(trade);
    return {
      channel: this.name,
      outTradeNo,
      subject,
      amount: payment?.total ?? total,
      currency: "CNY",
      state: refunded > 0 ? `${status} -${yuan(refunded)}` : status,
      payable: payment === undefined && statusOf(trade, now) === "WAIT_BUYER_PAY",
      page,
      ...(product === "precreate" && { code: page }),
      ...(payment !== undefined && trade.returnUrl !== "" && { returnUrl: this.#returnUrlOf(trade) }),
    };
  }

  /** Where the buyer's browser goes back to, with the signed word that a payment happened. */
  #returnUrlOf(trade: AlipayTrade): string {
    const account = this.#desk.accountOf(trade.appId);
    const params: Record<string, string> = {
      app_id: trade.appId,
      auth_app_id: trade.appId,
      charset: "utf-8",
      method: `alipay.trade.${trade.product}.pay.return`,
      out_trade_no: trade.outTradeNo,
      seller_id: account.sellerId,
      timestamp: chinaTime(this.#core.runtime.now()),
      total_amount: yuan(trade.payment?.total ?? trade.total),
      trade_no: trade.tradeNo,
      version: "1.0",
    };
    const sign = signRsa(signedText(params, []), account.alipayPrivateKey);
    const url = new URL(trade.returnUrl);
    for (const [name, value] of Object.entries({ ...params, sign_type: "RSA2", sign })) {
      url.searchParams.set(name, value);
    }
    return url.href;
  }
}

/** The trade's number for faults, before the content is judged. */
function numberIn({ biz_content = "" }: Params): string {
  return /"out_trade_no"\s*:\s*"([^"]*)"/.exec(biz_content)?.[1] ?? "";
}
