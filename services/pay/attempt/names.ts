/** What attempts say whose money a callback reported: there is no channel that could be asked about it. */
export const CALLBACK_CHANNEL = "callback";

/** What the attempt of a payment says that costs nothing. */
export const NO_CHANNEL = "none";
