import type { Mutation } from "./mutation.ts";

/** Mistakes about what a second person has to approve. */
export const APPROVAL_MUTATIONS: readonly Mutation[] = [
  {
    name: "own-act-approved",
    harm: "one person alone moves any amount",
    edits: [
      {
        file: "services/pay/approval/decide.ts",
        find: "decidedBy === approval.requestedBy) throw approvalOwn();",
        replace: "decidedBy === approval.refundNo) throw approvalOwn();",
      },
    ],
  },
  {
    name: "limit-of-each-part",
    harm: "one person alone gives all of a payment back, part by part",
    edits: [
      {
        file: "services/pay/approval/consent.ts",
        find: "amount + earlier <= above",
        replace: "amount + 0 * earlier <= above",
      },
    ],
  },
  {
    name: "approved-whatever-was-decided",
    harm: "what was rejected is done, as its approver looked before",
    edits: [
      {
        file: "services/pay/approval/decide.ts",
        find: `  if (!(await approvalModel.end(tx, approval.id, { state, decidedBy, decidedReason: reason })))
    throw approvalDecided();`,
        replace: "  await approvalModel.end(tx, approval.id, { state, decidedBy, decidedReason: reason });",
      },
    ],
  },
];
