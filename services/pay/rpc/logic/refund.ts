import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { consentFor } from "../../approval/consent.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { AUTOMATIC, requestRefund } from "../../refund/begin-refund.ts";
import type { ServiceContext } from "../context.ts";
import type { RefundDetailResponse, RefundRequest } from "../gen/pay.ts";

const REFUND_NO = /^[A-Za-z0-9_-]{1,64}$/;
const REASON_LENGTH_MAX = 255;

/**
 * Sends a part of a paid payment back, or all of it: first the amount is set aside, so that no two refunds together
 * exceed what came; then its channel makes it. The same number again is the same refund. Above the limit a second person
 * is asked first.
 */
export async function refund(
  context: ServiceContext,
  call: Call,
  request: RefundRequest,
): Promise<RefundDetailResponse> {
  checkRequest(request);
  const { id, refundNo } = request;
  return context.idempotency.once<RefundDetailResponse>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const act = { tx, payId: id, refundNo, alsoUnnamed: true } as const;
      return {
        answer: await actOnPay(context, call, act, () =>
          requestRefund(context, tx, request, consentFor(context, call)),
        ),
      };
    }),
  );
}

function checkRequest({ refundNo, amount, reason }: RefundRequest): void {
  if (!REFUND_NO.test(refundNo)) {
    throw invalidArgument("refundNo", "must be 1 to 64 letters, digits, _ or -");
  }
  const reserved = Object.values(AUTOMATIC).find((prefix) => refundNo.startsWith(prefix));
  if (reserved !== undefined) throw invalidArgument("refundNo", `must not begin with ${reserved}`);
  if (amount < 1) throw invalidArgument("amount", "must be at least 1");
  if ([...reason].length > REASON_LENGTH_MAX) {
    throw invalidArgument("reason", `must have at most ${REASON_LENGTH_MAX} characters`);
  }
}
