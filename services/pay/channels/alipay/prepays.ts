import type { Call } from "@mall/kit/call";
import type { Answer, Opened, PrepayRequest } from "../channel.ts";
import type { AlipayClient } from "./alipay-client.ts";
import { badAnswer } from "./bad-answer.ts";
import type { AlipayAccount } from "./config.ts";
import type { Gateway } from "./gateway.ts";
import { orderOf, SIGNED_PRODUCTS } from "./orders.ts";

/** Makes the credentials that buyers pay with. */
export class Prepays {
  readonly #account: AlipayAccount;
  readonly #gateway: Gateway;
  readonly #client: AlipayClient;

  constructor(account: AlipayAccount, gateway: Gateway, client: AlipayClient) {
    this.#account = account;
    this.#gateway = gateway;
    this.#client = client;
  }

  async open(call: Call, attempt: PrepayRequest): Promise<Answer<Opened>> {
    const { currency, product } = attempt;
    if (currency !== "CNY") return refused("CURRENCY_NOT_SUPPORTED", "Alipay takes CNY only");
    if (product === "qr") return this.#qr(call, attempt);
    try {
      return this.#signed(attempt);
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  /** Alipay creates the trade only when a buyer scans the code. */
  async #qr(call: Call, attempt: PrepayRequest): Promise<Answer<Opened>> {
    const answer = await this.#client.ask(call, {
      method: "alipay.trade.precreate",
      content: orderOf(attempt),
      urls: { notify_url: this.#account.NotifyUrl },
    });
    if (answer.kind !== "yes") return answer;
    const { out_trade_no, qr_code: text } = answer.value;
    if (out_trade_no !== attempt.outTradeNo) {
      return { kind: "unknown", cause: badAnswer("it is about another trade") };
    }
    return { kind: "yes", value: { credential: { kind: "qr", text } } };
  }

  /** Alipay learns of the trade only when the buyer's browser or app opens it. */
  #signed(attempt: PrepayRequest): Answer<Opened> {
    const { product, returnUrl } = attempt;
    const signed = SIGNED_PRODUCTS[product];
    if (signed === undefined) return refused("PRODUCT_NOT_SUPPORTED", `Alipay has no product ${product}`);
    const { method, code: product_code } = signed;
    const goesBack = product === "wap" && returnUrl !== undefined;
    const asked = {
      method,
      content: { ...orderOf(attempt), product_code, ...(goesBack && { quit_url: returnUrl }) },
      urls: {
        notify_url: this.#account.NotifyUrl,
        ...(product !== "app" && returnUrl !== undefined && { return_url: returnUrl }),
      },
    };
    const credential =
      product === "app"
        ? { kind: "sdk" as const, text: this.#gateway.signed(asked) }
        : { kind: "url" as const, text: this.#gateway.link(asked) };
    return { kind: "yes", value: { credential } };
  }
}

function refused(reason: string, message: string): Answer<never> {
  return { kind: "no", reason, message };
}
