import { type BranchInfo, type Call, runWithAttachments } from "@mall/kit/call";

/**
 * Makes the calls that `work` makes with the call it is given branches of a transaction: their servers learn which,
 * and answer ABORTED where they refuse.
 */
export function callBranch<T>(
  parent: Call,
  branch: BranchInfo,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  return runWithAttachments(parent, { branch }, work);
}
