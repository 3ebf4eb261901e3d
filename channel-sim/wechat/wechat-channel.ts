import type { HttpAnswer } from "@mall/kit/http";
import { answerExchange } from "../core/exchange.ts";
import {
  type LetterFlaw,
  type Payment,
  Refusal,
  type SimChannel,
  type TradeView,
} from "../core/sim-channel.ts";
import type { SimCore } from "../core/sim-core.ts";
import { pathOf, type SimAnswer, type SimRequest } from "../core/sim-http.ts";
import type { SimLetter } from "../core/sim-store.ts";
import type { MerchantKey, PlatformKey, WechatAccount } from "./account.ts";
import { merchantOf } from "./authorization.ts";
import { type BridgeCall, demandSigned, prepayIdOf } from "./bridge.ts";
import { type Operation, operationOf } from "./operations.ts";
import { lieAbout, type Said, saidOf, WechatError, wechatErrors } from "./said.ts";
import { encrypt, type Signer, sealHeaders } from "./seal.ts";
import { hasLink, refundedOf, stateOf, type WechatTrade } from "./trade.ts";
import { WechatDesk, type WechatMessage } from "./wechat-desk.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A day long altogether; from documents. */
const RETRY_MS: readonly number[] = [
  15 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  ...Array<number>(3).fill(30 * MINUTE_MS),
  HOUR_MS,
  ...Array<number>(3).fill(3 * HOUR_MS),
  ...Array<number>(2).fill(6 * HOUR_MS),
];

/** WeChat Pay's API v3, the side that merchants call. */
export interface WechatChannel extends SimChannel {
  /** From now on, this certificate's key signs; earlier ones stay valid as long as they say. */
  rotate(mchid: string, key: PlatformKey): void;
  /** From now on the merchant may sign with this key too. */
  addMerchantKey(mchid: string, key: MerchantKey): void;
  /** From now on the merchant may sign with the key that was added last, and no other. */
  endMerchantKeys(mchid: string): void;
  /**
   * The buyer pays what a page or an app has handed to the wallet.
   *
   * @throws Refusal
   */
  bridge(call: BridgeCall): Promise<TradeView>;
}

export function createWechatChannel(core: SimCore, accounts: readonly WechatAccount[]): WechatChannel {
  return new Wechat(core, accounts);
}

class Wechat implements WechatChannel {
  readonly name = "wechat";
  readonly retryMs = RETRY_MS;
  readonly notifyTimeoutMs = 5 * SECOND_MS;
  readonly #core: SimCore;
  readonly #desk: WechatDesk;
  #accounts: readonly WechatAccount[];

  constructor(core: SimCore, accounts: readonly WechatAccount[]) {
    this.#core = core;
    this.#desk = new WechatDesk(core);
    this.#accounts = accounts;
  }

  answer(request: SimRequest): Promise<SimAnswer> | undefined {
    return pathOf(request).startsWith("/v3/") ? this.#answer(request) : undefined;
  }

  rotate(mchid: string, key: PlatformKey): void {
    this.#change(mchid, ({ platformKeys }) => ({ platformKeys: [...platformKeys, key] }));
  }

  addMerchantKey(mchid: string, key: MerchantKey): void {
    this.#change(mchid, ({ otherMerchantKeys = [] }) => ({ otherMerchantKeys: [...otherMerchantKeys, key] }));
  }

  endMerchantKeys(mchid: string): void {
    this.#change(mchid, ({ otherMerchantKeys = [] }) => {
      const last = otherMerchantKeys.at(-1);
      if (last === undefined) return {};
      return { merchantSerial: last.serial, merchantPublicKey: last.publicKey, otherMerchantKeys: [] };
    });
  }

  async bridge(call: BridgeCall): Promise<TradeView> {
    const trade = await this.#desk.findByPrepay(prepayIdOf(call));
    if (trade === undefined) throw new Refusal("TRADE_ABSENT", "no such prepay_id");
    demandSigned(call, trade, this.#accountOf(trade.mchid));
    return this.pay(trade.outTradeNo, {});
  }

  async pay(outTradeNo: string, { amount }: Payment): Promise<TradeView> {
    return this.#viewOf(await this.#desk.pay(outTradeNo, amount));
  }

  async trade(outTradeNo: string): Promise<TradeView | undefined> {
    const trade = await this.#desk.find(outTradeNo);
    return trade && this.#viewOf(trade);
  }

  async trades(): Promise<readonly TradeView[]> {
    return (await this.#desk.all()).map((trade) => this.#viewOf(trade));
  }

  write(letter: SimLetter, flaw: LetterFlaw | undefined) {
    const account = this.#accountOf(letter.account);
    const { event, summary, original, resource } = JSON.parse(letter.message) as WechatMessage;
    const told = flaw?.lie === undefined ? resource : lieAbout(resource, flaw.lie);
    const notice = {
      id: letter.id,
      create_time: this.#desk.time(),
      resource_type: "encrypt-resource",
      event_type: event,
      summary,
      resource: {
        original_type: original,
        ...encrypt(this.#core, JSON.stringify(told), account.apiV3Key, original),
      },
    };
    const body = Buffer.from(JSON.stringify(notice));
    const headers = sealHeaders(this.#core, body, { account }, flaw?.seal);
    const sent =
      flaw?.tampered === true ? Buffer.from(JSON.stringify({ ...notice, event_type: "TAMPERED" })) : body;
    return {
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: sent,
    };
  }

  /** The status decides; what the body says does not. */
  acknowledged({ status }: HttpAnswer): boolean {
    return status === 200 || status === 204;
  }

  #change(mchid: string, change: (account: WechatAccount) => Partial<WechatAccount>): void {
    this.#accounts = this.#accounts.map((account) =>
      account.mchid === mchid ? { ...account, ...change(account) } : account,
    );
  }

  #accountOf(mchid: string): WechatAccount {
    const account = this.#accounts.find((one) => one.mchid === mchid);
    if (account === undefined) throw new Error(`merchant ${mchid} is not known any more`);
    return account;
  }

  async #answer(request: SimRequest): Promise<SimAnswer> {
    const merchant = merchantOf(request, this.#accounts, this.#core.runtime.now());
    // Nobody knows whom this would be signed for.
    if ("wrong" in merchant) return answerOf(saidOf(wechatErrors.signature(merchant.wrong)));
    const operation = operationOf(request);
    const signer: Signer = { account: merchant.account, asked: request.headers["wechatpay-serial"] };
    return answerExchange<Said>(this.#core, {
      channel: this.name,
      operation: operation?.name ?? "",
      outTradeNo: operation?.outTradeNo ?? "",
      carryOut: () => this.#carryOut(operation, merchant.account, request),
      lie: (said, lie) => (said.body === undefined ? said : { ...said, body: lieAbout(said.body, lie) }),
      trouble: (what) => saidOf(what === "error" ? wechatErrors.own() : wechatErrors.tooOften()),
      seal: (said, flaw) => {
        const bare = answerOf(said);
        const headers = { "Request-ID": this.#core.hex(32).toUpperCase(), ...bare.headers };
        // What answers a download is signed by nothing; from documents, and the SDKs verify none of it.
        const seal = operation?.name === "bill-file" ? {} : sealHeaders(this.#core, bare.body, signer, flaw);
        return { ...bare, headers: { ...headers, ...seal } };
      },
    });
  }

  async #carryOut(
    operation: Operation | undefined,
    account: WechatAccount,
    request: SimRequest,
  ): Promise<Said> {
    try {
      if (operation === undefined) throw wechatErrors.noSuchPath();
      return await operation.carryOut(this.#desk, account, request);
    } catch (error) {
      if (error instanceof WechatError) return saidOf(error);
      throw error;
    }
  }

  #viewOf(trade: WechatTrade): TradeView {
    const { outTradeNo, description, payment, codeUrl } = trade;
    const now = this.#core.runtime.now();
    const state = stateOf(trade, now);
    return {
      channel: this.name,
      outTradeNo,
      subject: description,
      amount: payment?.total ?? trade.total,
      currency: "CNY",
      state: refundedOf(trade) > 0 ? `${state} ${refundedOf(trade)}` : state,
      payable: state === "NOTPAY" && hasLink(trade, now),
      page: this.#desk.pageOf(trade),
      ...(codeUrl !== "" && { code: codeUrl }),
    };
  }
}

function answerOf({ status, body, file }: Said): SimAnswer {
  if (file !== undefined)
    return { status, headers: { "Content-Type": "application/octet-stream" }, body: file };
  const bytes = body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body));
  const type = body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" };
  return { status, headers: type, body: bytes };
}
