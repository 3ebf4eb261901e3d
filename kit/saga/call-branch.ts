import { type BranchInfo, Call } from "@mall/kit/context";

/**
 * Makes the calls that `work` makes with the call it is given branches of a transaction: their servers learn which,
 * and answer ABORTED where they refuse.
 */
export async function callBranch<T>(
  parent: Call,
  branch: BranchInfo,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const { deadline, endsAtDeadline, trace } = parent;
  const call = new Call({ deadline, endsAtDeadline, trace, attachments: { branch } });
  const leaveParent = parent.onDone((error) => call.end(error));
  try {
    return await work(call);
  } finally {
    leaveParent();
  }
}
