import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { JobTicket } from "@mall/kit/jobs";
import type { Transaction } from "@mall/kit/store";
import { type Consent, MONEY_ACT } from "../approval/consent.ts";
import { shutOpen } from "../attempt/shut-open.ts";
import type { PayApprovalRow } from "../model/pay-approval-model.ts";
import { isGone } from "../orders/tell-order.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payClosing, payNotFound } from "../rpc/errors.ts";
import { acceptHeld, lockHeld, returnHeldMoney } from "./resolve-held.ts";

/** What becomes of held money. */
interface HeldDecision {
  readonly id: number;
  readonly decision: "accept" | "refund";
}

/** The order's hearing of it, or what waits for a second person. */
interface Decided {
  readonly told?: JobTicket;
  readonly waits?: PayApprovalRow;
}

/** Asks channels and the order what the decision depends on; what it gives decides, in a transaction. */
export async function prepareDecision(
  context: ServiceContext,
  call: Call,
  { id, decision }: HeldDecision,
): Promise<(tx: Transaction, consent: Consent) => Promise<Decided>> {
  const isAccepted = decision === "accept";
  // A payment is not closed while somebody may still pay it.
  if (!isAccepted && !(await shutOpen(context, call, id))) throw payClosing();
  const price = isAccepted ? await priceOf(context, call, id) : undefined;
  return async (tx, consent) => {
    const { pay, attempt } = await lockHeld(context, tx, id);
    const act = isAccepted ? MONEY_ACT.accept : MONEY_ACT.giveBack;
    const { receivedAmount: amount, receivedCurrency: currency } = attempt;
    const waits = await consent(tx, { act, pay, amount, currency });
    if (waits !== undefined) return { waits };
    const decide = isAccepted ? acceptHeld(context, tx, id, price) : returnHeldMoney(context, tx, id);
    return { told: await decide };
  };
}

/** What the order of a payment costs by now; undefined where it is gone. */
async function priceOf(context: ServiceContext, call: Call, id: number): Promise<number | undefined> {
  const pay = await context.payModel.findOne(id);
  if (pay === undefined) throw payNotFound();
  try {
    return (await context.orderRpc.detail(call, { id: pay.oid })).amount;
  } catch (error) {
    if (error instanceof AppError && isGone(error)) return undefined;
    throw error;
  }
}
