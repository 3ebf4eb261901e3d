/** What is said of acts that wait for a second person, in English. */
export const APPROVALS_EN = {
  approval: {
    id: "Request",
    state: "State",
    payment: "Payment",
    act: "What",
    refundNo: "Refund",
    amount: "Amount",
    reason: "Reason",
    by: "Asked for by",
    asked: "Asked for",
    expires: "Waits until",
    decidedBy: "Decided by",
    decided: "Decided",
    why: "Because",
    waits: "This waits for a second person:",
    own: "You asked for it, so somebody else has to approve it.",
  },
  approvalStates: { "0": "Waiting", "1": "Approved", "2": "Rejected", "3": "Expired" },
  approvalActs: {
    refund: "Refund",
    settle: "A refund by hand was made",
    accept: "Accept held money",
    give_back: "Give held money back",
  },
  approvalWill: {
    refund: "goes back to the buyer by the channel that brought it.",
    settle: "is booked as given back. Approve only what you have seen at the bank.",
    accept: "counts as the payment, and the order becomes paid.",
    give_back: "goes back to the buyer, and the payment is closed.",
  },
};
