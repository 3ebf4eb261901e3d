import type { Call } from "@mall/kit/call";
import { consentFor } from "../../approval/consent.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { countRefunded } from "../../refund/finish-refund.ts";
import { settleRefund as settle } from "../../refund/settle-refund.ts";
import type { ServiceContext } from "../context.ts";
import { refundNotFound } from "../errors.ts";
import type { SettleRefundRequest, SettleRefundResponse } from "../gen/pay.ts";

/**
 * Takes somebody's word for how a refund ended that no channel can be asked to make, also because its account is not
 * configured any more; said again, nothing changes. Above the limit a second person is asked before it counts as made.
 */
export async function settleRefund(
  context: ServiceContext,
  call: Call,
  request: SettleRefundRequest,
): Promise<SettleRefundResponse> {
  return context.idempotency.once<SettleRefundResponse>(call, request, async (commit) => {
    const { refundNo, succeeded } = request;
    const refund = await context.refundModel.findOneByRefundNo(refundNo);
    if (refund === undefined) throw refundNotFound();
    return commit.transaction(async (tx) => {
      const act = { tx, payId: refund.payId, refundNo, alsoUnnamed: true } as const;
      const { made, waits } = await actOnPay(context, call, act, () =>
        settle(context, tx, { refund, succeeded }, consentFor(context, call)),
      );
      return {
        answer: waits ? { approvalId: waits.id } : {},
        after: made && (() => countRefunded(context, made)),
      };
    });
  });
}
