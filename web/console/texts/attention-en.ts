/** What the console says in English about what needs a person. */
export const ATTENTION_EN = {
  attention: {
    none: "Nothing waits for a person.",
    quiet: "Nothing of these waits:",
    oldest: "The oldest is from",
    atLeast: "at least {{count}}",
    all: "Show all",
    refused: "{{count}} refused",
  },
  attentionKinds: {
    held: "Held payments",
    dispute: "Disputed payments",
    refund_by_hand: "Refunds to be made by hand",
    refund_overdue: "Refunds that are not made",
    approval_open: "Waiting for a second person",
    attempt_overdue: "Attempts that nobody knows of",
    channel_gone: "Accounts taken out of the configuration",
    dead_job: "Jobs that gave up",
    notify_refused: "Notifications that could not be verified",
    book_difference: "Books that differ",
    bill_difference: "Bills that differ",
  },
  attentionMeans: {
    held: "Money came that is not what the payment is for: too much, too little, another currency, or for an order that does not want it any more.",
    dispute: "A buyer asks the bank for the money back: the channel may keep it, and a fee.",
    refund_by_hand:
      "The channel does not make these refunds: they have to be made at its own pages or by a transfer.",
    refund_overdue: "Not made for a day, or the channel cannot send the money to the buyer by itself.",
    approval_open: "Somebody wants to move more money than one person may move alone.",
    attempt_overdue:
      "The time of these attempts is over, and their channel has not said yet whether money came.",
    channel_gone: "Something is open at an account that is not configured any more: nobody asks for it.",
    dead_job: "What had to follow a change was tried many times and was not done.",
    notify_refused:
      "Somebody posted in the name of a channel without its signature: a wrong key on one of both sides, or a forgery.",
    book_difference: "The ledger does not say what the payments say.",
    bill_difference: "A channel's bill does not say what the payments say.",
  },
  attentionDo: {
    held: "Open the payment, look at what came, and accept it or give it back.",
    dispute: "Answer it at the channel's own pages in time, and do not refund it meanwhile.",
    refund_by_hand: "Make it, then say on the page of refunds that it was made.",
    refund_overdue: "See to it at the channel's own pages: the mall hears how it ended.",
    approval_open: "Look at the payment, then approve it or reject it; not by who asked.",
    attempt_overdue:
      "Open the payment and ask the channel; where it is silent for long, look at its own pages.",
    channel_gone: "Put the account back until it is over, or settle a refund that was made otherwise.",
    dead_job: "Mend what its error names, then let it run again.",
    notify_refused: "Compare the keys of the account with those at the channel.",
    book_difference: "Run mall ledger verify, which names every entry, before anything else is decided.",
    bill_difference: "Each difference says what to do: see to it, then settle it with a note.",
  },
};
