import { invalidArgument } from "@mall/kit/errors";
import type { ServiceContext } from "../rpc/context.ts";
import type { AttentionKind } from "../rpc/gen/pay.ts";
import { goneChannels } from "./gone-channels.ts";
import { bookDifferences, deadJobs, refusedNotifies } from "./machinery.ts";
import {
  billDifferences,
  heldPayments,
  openApprovals,
  openDisputes,
  overdueAttempts,
  overdueRefunds,
  refundsByHand,
} from "./money.ts";
import type { Waiting } from "./waiting.ts";

/** Each kind of what a person has to see to; none takes longer for there being more of it. */
const KINDS: Readonly<Record<string, (context: ServiceContext, limit: number) => Promise<Waiting>>> = {
  held: heldPayments,
  dispute: openDisputes,
  refund_by_hand: refundsByHand,
  approval_open: openApprovals,
  refund_overdue: overdueRefunds,
  attempt_overdue: overdueAttempts,
  channel_gone: goneChannels,
  dead_job: deadJobs,
  notify_refused: refusedNotifies,
  book_difference: bookDifferences,
  bill_difference: billDifferences,
};

/**
 * What needs a person, of one kind or of all: each is counted as far as 1,000, with the oldest `limit` rows.
 *
 * @throws AppError INVALID_ARGUMENT naming `kind`.
 */
export async function readAttention(
  context: ServiceContext,
  { kind, limit }: { readonly kind: string | undefined; readonly limit: number },
): Promise<AttentionKind[]> {
  if (kind !== undefined && !Object.hasOwn(KINDS, kind))
    throw invalidArgument("kind", `must be one of ${Object.keys(KINDS).join(", ")}`);
  const asked = Object.entries(KINDS).filter(([name]) => kind === undefined || name === kind);
  return Promise.all(asked.map(async ([name, read]) => ({ kind: name, ...(await read(context, limit)) })));
}
