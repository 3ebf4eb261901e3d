import { type Payment, Refusal, type TradeView } from "../core/sim-channel.ts";
import type { SimCore } from "../core/sim-core.ts";
import type { StripeAccount } from "./account.ts";
import { createDispute, endDispute } from "./disputes.ts";
import { StripeError } from "./errors.ts";
import { confirmIntent } from "./intents.ts";
import { asOf, type CheckoutSession, type Dispute, type DisputeKind, type PaymentIntent } from "./objects.ts";
import { completeSession } from "./sessions.ts";
import { kindOf, Unit } from "./unit.ts";

/** What pays unless the buyer names another card. */
const CARD = "4242424242424242";

type Trade = PaymentIntent | CheckoutSession;

/** How a buyer asks the bank for money back. */
export interface DisputeDemand {
  /** A dispute unless it is an inquiry only. */
  readonly kind?: DisputeKind | undefined;
  /** Minor units; all unless told otherwise. */
  readonly amount?: number | undefined;
}

/** What buyers do at Stripe: they see a PaymentIntent or a Checkout Session, and pay it. */
export class BuyersSide {
  readonly #core: SimCore;
  readonly #accounts: readonly StripeAccount[];

  constructor(core: SimCore, accounts: readonly StripeAccount[]) {
    this.#core = core;
    this.#accounts = accounts;
  }

  async trade(id: string): Promise<TradeView | undefined> {
    const trade = await this.#find(id);
    return trade && this.#viewOf(trade);
  }

  async trades(): Promise<readonly TradeView[]> {
    const [sessions, intents] = await Promise.all([
      this.#core.store.list<CheckoutSession>(kindOf("checkout.session")),
      this.#core.store.list<PaymentIntent>(kindOf("payment_intent")),
    ]);
    return [...sessions, ...intents].map((trade) => this.#viewOf(trade));
  }

  /** @throws Refusal */
  pay(id: string, payment: Payment): Promise<TradeView> {
    return this.#core.alone("stripe", () => this.payAlone(id, payment));
  }

  /** As `pay`, for who is alone already. */
  async payAlone(id: string, { card = CARD, amount }: Payment): Promise<TradeView> {
    const kept = await this.#find(id);
    const account = this.#accounts.find((one) => one.id === kept?.sim.account);
    if (kept === undefined || account === undefined) throw new Refusal("TRADE_ABSENT", "no such trade");
    const trade = this.#payable(kept);
    if (trade === undefined) return this.#viewOf(kept);
    const unit = new Unit(this.#core, account, { id: null, idempotency_key: null });
    try {
      const paid =
        trade.object === "checkout.session"
          ? await completeSession(unit, trade, { card, amount })
          : await confirmIntent(unit, trade, { card, amount, authenticated: true });
      await unit.commit();
      return this.#viewOf(paid);
    } catch (error) {
      if (!(error instanceof StripeError)) throw error;
      if (error.effect === "kept") await unit.commit();
      throw new Refusal(String(error.error.decline_code ?? error.error.code ?? "REFUSED"), error.message);
    }
  }

  /**
   * The buyer asks the bank for the money back.
   *
   * @throws Refusal
   */
  dispute(id: string, demand: DisputeDemand): Promise<string> {
    return this.#core.alone("stripe", async () => {
      const kept = await this.#find(id);
      const intentId = kept?.object === "checkout.session" ? kept.payment_intent : kept?.id;
      const intent =
        typeof intentId === "string"
          ? await this.#core.store.find<PaymentIntent>(kindOf("payment_intent"), intentId)
          : undefined;
      if (intent === undefined) throw new Refusal("TRADE_ABSENT", "no such trade");
      if (intent.status !== "succeeded") throw new Refusal("NOT_POSSIBLE", "the trade is not paid");
      const { kind = "dispute", amount } = demand;
      return this.#act(intent.sim.account, async (unit) => {
        const charge = await unit.demand("charge", intent.latest_charge ?? "");
        return createDispute(unit, charge, { kind, amount }).id;
      });
    });
  }

  /**
   * The buyer's bank decides a dispute.
   *
   * @throws Refusal
   */
  endDispute(id: string, outcome: "won" | "lost"): Promise<void> {
    return this.#core.alone("stripe", async () => {
      const dispute = await this.#core.store.find<Dispute>(kindOf("dispute"), id);
      if (dispute === undefined) throw new Refusal("TRADE_ABSENT", "no such dispute");
      await this.#act(dispute.sim.account, (unit) => endDispute(unit, dispute, outcome));
    });
  }

  /** Changes what is an account's, whom nobody has asked. */
  async #act<Changed>(accountId: string, change: (unit: Unit) => Promise<Changed>): Promise<Changed> {
    const account = this.#accounts.find(({ id }) => id === accountId);
    if (account === undefined) throw new Refusal("TRADE_ABSENT", "no such account");
    const unit = new Unit(this.#core, account, { id: null, idempotency_key: null });
    try {
      const changed = await change(unit);
      await unit.commit();
      return changed;
    } catch (error) {
      if (error instanceof StripeError) throw new Refusal("NOT_POSSIBLE", error.message);
      throw error;
    }
  }

  /** The trade as it takes money, also where it is closed and the faults say so; undefined for one that is paid. */
  #payable(kept: Trade): Trade | undefined {
    const trade = asOf(kept, this.#core.runtime.now());
    if (["complete", "succeeded", "requires_capture"].includes(trade.status)) return undefined;
    if (trade.status !== "canceled" && trade.status !== "expired") return trade;
    const scope = { channel: "stripe", outTradeNo: trade.id, operation: "pay" };
    if (this.#core.faults.take(scope, "pay.late") === undefined) {
      throw new Refusal("TRADE_CLOSED", "the trade is closed");
    }
    return trade.object === "payment_intent" ? { ...trade, status: "requires_payment_method" } : trade;
  }

  #find(id: string): Promise<Trade | undefined> {
    const object = id.startsWith("cs_") ? ("checkout.session" as const) : ("payment_intent" as const);
    return this.#core.store.find<Trade>(kindOf(object), id);
  }

  #viewOf(kept: Trade): TradeView {
    const trade = asOf(kept, this.#core.runtime.now());
    const { id, currency, status } = trade;
    const isSession = trade.object === "checkout.session";
    const ended = ["complete", "expired", "canceled", "succeeded", "requires_capture"].includes(status);
    const back = isSession ? trade.success_url?.replaceAll("{CHECKOUT_SESSION_ID}", id) : trade.sim.returnUrl;
    const paid = status === "complete" || status === "succeeded";
    return {
      channel: "stripe",
      outTradeNo: id,
      subject: (isSession ? trade.sim.subject : trade.description) ?? "",
      amount: isSession ? trade.amount_total : trade.amount,
      currency: currency.toUpperCase(),
      state: status,
      payable: !ended,
      page: `${this.#core.publicUrl()}/simulator/pay/stripe/${id}`,
      ...(paid && back && { returnUrl: back }),
    };
  }
}
