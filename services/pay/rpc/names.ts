/** What attempts say whose money a callback reported: there is no channel that could be asked about it. */
export const CALLBACK_CHANNEL = "callback";

/** What the attempt of a payment says that costs nothing. */
export const NO_CHANNEL = "none";

/** What the numbers of refunds begin with that nobody asked for; the number of the attempt follows. */
export const AUTOMATIC = {
  /** Of money that is not its payment's success. */
  surplus: "back-",
  /** Of the success of an order that cannot be had. */
  orderGone: "gone-",
} as const;
