import { wechatTime } from "../core/china-time.ts";
import type { SimCore } from "../core/sim-core.ts";
import type { SimLetter, SimRecord } from "../core/sim-store.ts";
import type { WechatAccount } from "./account.ts";
import { WechatBillDesk } from "./bill-desk.ts";
import type { PrepayRequest, RefundRequest } from "./requests.ts";
import { closeTrade, type Means, openTrade, payTrade, type RefundCourse, refundTrade } from "./rules.ts";
import { type Said, wechatErrors } from "./said.ts";
import { encrypt } from "./seal.ts";
import {
  type Product,
  refundNoticeOf,
  refundOf,
  stateOf,
  transactionOf,
  type WechatRefund,
  type WechatTrade,
} from "./trade.ts";

const TRADE = "wechat.trade";
/** Their values are the merchant's numbers of the orders. */
const TRANSACTION = "wechat.transaction";
const REFUND = "wechat.refund";
const PREPAY = "wechat.prepay";

/** How long a refund takes by default. The real one may take minutes or days; from documents. */
const REFUND_MS = 1_000;

/** What a notification says, before it is encrypted. */
export interface WechatMessage {
  readonly event: string;
  readonly summary: string;
  readonly original: "transaction" | "refund";
  readonly resource: object;
}

/** Carries out what merchants and buyers want, on the records of one simulator. */
export class WechatDesk {
  readonly bills: WechatBillDesk;
  readonly #core: SimCore;

  constructor(core: SimCore) {
    this.#core = core;
    this.bills = new WechatBillDesk(core, () => this.all());
  }

  find(outTradeNo: string): Promise<WechatTrade | undefined> {
    return this.#core.store.find<WechatTrade>(TRADE, outTradeNo);
  }

  all(): Promise<readonly WechatTrade[]> {
    return this.#core.store.list<WechatTrade>(TRADE);
  }

  findByTransaction(transactionId: string): Promise<WechatTrade | undefined> {
    return this.#findBy(TRANSACTION, transactionId);
  }

  findByPrepay(prepayId: string): Promise<WechatTrade | undefined> {
    return this.#findBy(PREPAY, prepayId);
  }

  time(): string {
    return wechatTime(this.#core.runtime.now());
  }

  /** Where the buyer pays an order. */
  pageOf({ outTradeNo }: WechatTrade): string {
    return `${this.#core.publicUrl()}/simulator/pay/wechat/${encodeURIComponent(outTradeNo)}`;
  }

  async open(account: WechatAccount, product: Product, request: PrepayRequest): Promise<Said> {
    if (request.mchid !== account.mchid) throw wechatErrors.parameter("mchid 与签名的商户号不一致");
    if (!account.appids.includes(request.appid)) throw wechatErrors.appOfAnother();
    const trade = await this.#change(request.out_trade_no, (known) => {
      return openTrade(known, product, request, this.#means());
    });
    const body =
      product === "native"
        ? { code_url: trade.codeUrl }
        : product === "h5"
          ? { h5_url: this.pageOf(trade) }
          : { prepay_id: trade.prepayId };
    return { status: 200, body };
  }

  query(account: WechatAccount, trade: WechatTrade | undefined): Said {
    if (trade?.mchid !== account.mchid) throw wechatErrors.orderAbsent();
    return { status: 200, body: transactionOf(trade, this.#core.runtime.now()) };
  }

  async close(account: WechatAccount, outTradeNo: string): Promise<Said> {
    const loses = this.#core.faults.take(
      { channel: "wechat", outTradeNo, operation: "close" },
      "close.loses",
    );
    if (loses !== undefined) await this.pay(outTradeNo, undefined);
    await this.#change(outTradeNo, (known) => closeTrade(ownOf(known, account)));
    return { status: 204 };
  }

  /** @throws Refusal */
  pay(outTradeNo: string, total: number | undefined): Promise<WechatTrade> {
    return this.#change(outTradeNo, (known) => {
      const closed = known !== undefined && stateOf(known, this.#core.runtime.now()) === "CLOSED";
      const scope = { channel: "wechat", outTradeNo, operation: "pay" };
      const late = closed && this.#core.faults.take(scope, "pay.late") !== undefined;
      return payTrade(known, { total, late }, this.#means());
    });
  }

  async refund(account: WechatAccount, request: RefundRequest): Promise<Said> {
    const { transaction_id, out_trade_no, out_refund_no } = request;
    const outTradeNo = out_trade_no ?? (await this.findByTransaction(transaction_id ?? ""))?.outTradeNo ?? "";
    const other = await this.#findBy(REFUND, out_refund_no);
    if (other !== undefined && other.outTradeNo !== outTradeNo) {
      throw wechatErrors.invalid("商户退款单号已用于其他订单");
    }
    const trade = await this.#change(outTradeNo, (known) => {
      const course = () => this.#courseOf(outTradeNo);
      return refundTrade(ownOf(known, account), request, course, this.#means());
    });
    return this.#toldRefund(trade, out_refund_no);
  }

  async queryRefund(account: WechatAccount, outRefundNo: string): Promise<Said> {
    const trade = ownOf(await this.#findBy(REFUND, outRefundNo), account);
    return this.#toldRefund(trade, outRefundNo);
  }

  certificates(account: WechatAccount): Said {
    const now = this.#core.runtime.now();
    const data = account.platformKeys
      .filter(({ certificate, expireAt }) => certificate !== undefined && now < expireAt)
      .map(({ id, certificate = "", effectiveAt, expireAt }) => ({
        serial_no: id,
        effective_time: wechatTime(effectiveAt),
        expire_time: wechatTime(expireAt),
        encrypt_certificate: encrypt(this.#core, certificate, account.apiV3Key, "certificate"),
      }));
    return { status: 200, body: { data } };
  }

  #toldRefund(trade: WechatTrade | undefined, outRefundNo: string): Said {
    const refund = trade?.refunds.find((one) => one.outRefundNo === outRefundNo);
    if (trade === undefined || refund === undefined) throw wechatErrors.refundAbsent();
    return { status: 200, body: refundOf(trade, refund, this.#core.runtime.now()) };
  }

  /** How a refund goes that begins now. */
  #courseOf(outTradeNo: string): RefundCourse {
    const { faults, runtime, speed } = this.#core;
    const scope = { channel: "wechat", outTradeNo, operation: "refund" };
    const fault = faults.take(scope, "refund.refused", "refund.abnormal", "refund.slow");
    if (fault?.fault === "refund.refused") throw wechatErrors.noMoney();
    const tookMs = fault?.fault === "refund.slow" ? fault.ms : REFUND_MS / speed;
    const outcome = fault?.fault === "refund.abnormal" ? "ABNORMAL" : "SUCCESS";
    return { outcome, settleAt: runtime.now() + tookMs };
  }

  async #findBy(kind: string, id: string): Promise<WechatTrade | undefined> {
    const outTradeNo = await this.#core.store.find<string>(kind, id);
    return outTradeNo === undefined ? undefined : this.find(outTradeNo);
  }

  #means(): Means {
    const core = this.#core;
    return {
      now: core.runtime.now(),
      digits: (length) => core.digits(length),
      hex: (length) => core.hex(length),
    };
  }

  /** Moves an order on by a rule, alone on it, and tells the merchant. */
  #change(outTradeNo: string, rule: (known: WechatTrade | undefined) => WechatTrade): Promise<WechatTrade> {
    return this.#core.alone(`wechat ${outTradeNo}`, async () => {
      const known = await this.find(outTradeNo);
      const trade = rule(known);
      if (trade === known) return trade;
      const added = trade.refunds.filter((refund) => !known?.refunds.includes(refund));
      const paid = known?.payment === undefined && trade.payment !== undefined;
      const now = this.#core.runtime.now();
      await this.#core.commit({
        records: recordsOf(trade, added),
        letters: [
          ...(paid ? [this.#letter(trade, trade.notifyUrl, paidMessage(trade, now), now)] : []),
          ...added
            .filter(({ notifyUrl }) => notifyUrl !== "")
            .map((refund) =>
              this.#letter(trade, refund.notifyUrl, refundMessage(trade, refund), refund.settleAt),
            ),
        ],
      });
      return trade;
    });
  }

  #letter({ mchid, outTradeNo }: WechatTrade, url: string, message: WechatMessage, dueAt: number): SimLetter {
    const id = this.#core.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const text = JSON.stringify(message);
    return { id, channel: "wechat", account: mchid, outTradeNo, url, message: text, dueAt, attempts: 0 };
  }
}

function recordsOf(trade: WechatTrade, refunds: readonly WechatRefund[]): SimRecord[] {
  const { outTradeNo, prepayId, payment } = trade;
  const records: SimRecord[] = [
    { kind: TRADE, id: outTradeNo, value: trade },
    { kind: PREPAY, id: prepayId, value: outTradeNo },
  ];
  if (payment !== undefined)
    records.push({ kind: TRANSACTION, id: payment.transactionId, value: outTradeNo });
  for (const { outRefundNo } of refunds) records.push({ kind: REFUND, id: outRefundNo, value: outTradeNo });
  return records;
}

function paidMessage(trade: WechatTrade, now: number): WechatMessage {
  const resource = transactionOf(trade, now);
  return { event: "TRANSACTION.SUCCESS", summary: "支付成功", original: "transaction", resource };
}

function refundMessage(trade: WechatTrade, refund: WechatRefund): WechatMessage {
  const summary = refund.outcome === "SUCCESS" ? "退款成功" : "退款异常";
  const event = `REFUND.${refund.outcome}`;
  return { event, summary, original: "refund", resource: refundNoticeOf(trade, refund) };
}

function ownOf(trade: WechatTrade | undefined, { mchid }: WechatAccount): WechatTrade | undefined {
  return trade?.mchid === mchid ? trade : undefined;
}
