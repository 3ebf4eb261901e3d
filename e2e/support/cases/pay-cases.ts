import { answers, invalid, type RpcCase, refuses } from "./case.ts";
import { BEYOND_SAFE, SAFE_MAX, UINT32_MAX } from "./values.ts";

const CREATE = "pay.create";
const DETAIL = "pay.detail";
const CALLBACK = "pay.callback";
const PREPAY = "pay.prepay";
const REFUND = "pay.refund";
const REFUND_DETAIL = "pay.refundDetail";
const REFUND_LIST = "pay.refundList";
const SETTLE = "pay.settleRefund";
const RESOLVE = "pay.resolve";
const CLOSE = "pay.close";
const NOTIFY = "pay.notify";
const LIST = "pay.list";
const TIMELINE = "pay.timeline";
const SEARCH = "pay.search";
const REFUND_SEARCH = "pay.refundSearch";
const ATTENTION = "pay.attention";
const NOTIFY_LIST = "pay.notifyList";
const NOTIFY_DETAIL = "pay.notifyDetail";
const NOTIFY_REPLAY = "pay.notifyReplay";
const NOTIFY_REFUSED_LIST = "pay.notifyRefusedList";
const STATISTICS = "pay.statistics";
const CASHIER = "pay.cashier";
const SYNC = "pay.sync";
const ORDER_PAID = "pay.orderPaid";

const NOT_FOUND = ["NOT_FOUND", "PAY_NOT_FOUND", "支付不存在"] as const;
const NO_USER = ["NOT_FOUND", "USER_NOT_FOUND", "用户不存在"] as const;
const NO_ORDER = ["NOT_FOUND", "ORDER_NOT_FOUND", "订单不存在"] as const;
const EXISTS = ["ALREADY_EXISTS", "PAY_EXISTS", "订单已创建支付"] as const;
const UNDECIDED = ["ABORTED", "NOT_DECIDED_YET", "状态尚未确定，请稍后重试"] as const;
const AMOUNT = ["FAILED_PRECONDITION", "PAY_AMOUNT_MISMATCH", "支付金额与订单金额不符", "amount"] as const;
const CANCELLED = ["ABORTED", "ORDER_CANCELLED", "订单已取消"] as const;
const PAID = ["ABORTED", "ORDER_ALREADY_PAID", "订单已支付"] as const;

/** Payments 1 (order 1) and 2 (order 5, which is cancelled meanwhile). */
const ASKED = { uid: 1, oid: 1, amount: 500 };
const SUCCESS = { id: 1, uid: 1, oid: 1, amount: 500, source: 1, status: 1 };

const stored = (id: number, changes: object = {}): object => ({
  id,
  ...ASKED,
  source: 0,
  status: 0,
  currency: "CNY",
  refundedAmount: 0,
  refundingAmount: 0,
  expireTime: 0,
  paidTime: 0,
  heldReason: "",
  ...changes,
});

/** Stands for any time. */
export const SOME_TIME = 1;

const paid = (id: number): object => stored(id, { source: 1, status: 1, paidTime: SOME_TIME });

const unpaidThird = { ...stored(3), uid: 2, oid: 9, amount: 700 };
const closedThird = { ...unpaidThird, status: 2, expireTime: SOME_TIME };
const ALREADY_PAID = ["ABORTED", "PAY_ALREADY_PAID", "支付已完成"] as const;

const unknownIds = [99, 0, -1, SAFE_MAX];
const impossibleIds = [BEYOND_SAFE, -BEYOND_SAFE, 0.5, "1", undefined];

const creates: readonly RpcCase[] = [
  refuses(CREATE, "another's order", { ...ASKED, uid: 2 }, NO_ORDER),
  refuses(CREATE, "a paid order", { ...ASKED, oid: 2 }, PAID),
  refuses(CREATE, "a cancelled order", { ...ASKED, oid: 3 }, CANCELLED),
  refuses(CREATE, "a removed order", { ...ASKED, oid: 4 }, NO_ORDER),
  ...[0, 499, 501, -500, UINT32_MAX + 1, SAFE_MAX].map((amount) =>
    refuses(CREATE, `amount ${amount}`, { ...ASKED, amount }, AMOUNT),
  ),
  answers(CREATE, "the payment of an order", ASKED, { id: 1 }),
  refuses(CREATE, "a second one", ASKED, EXISTS),
  refuses(CREATE, "a second one with another amount", { ...ASKED, amount: 1 }, EXISTS),
  answers(CREATE, "of another order", { ...ASKED, oid: 5 }, { id: 2 }),
  refuses(CREATE, "an unknown user", { ...ASKED, uid: 99 }, NO_USER),
  refuses(CREATE, "neither user nor order: the user is named", { ...ASKED, uid: -1, oid: -1 }, NO_USER),
  ...unknownIds.map((oid) => refuses(CREATE, `unknown order ${oid}`, { ...ASKED, oid }, NO_ORDER)),
  ...impossibleIds.map((oid) => invalid(CREATE, `order ${oid} (${typeof oid})`, { ...ASKED, oid }, "oid")),
  invalid(CREATE, "an unsafe amount", { ...ASKED, amount: BEYOND_SAFE }, "amount"),
  invalid(CREATE, "nothing", {}, "uid"),
];

const details: readonly RpcCase[] = [
  answers(DETAIL, "a payment", { id: 1 }, stored(1)),
  ...unknownIds.map((id) => refuses(DETAIL, `unknown id ${id}`, { id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(DETAIL, `id ${id} (${typeof id})`, { id }, "id")),
];

const CREATED = {
  ...{ time: SOME_TIME, kind: "payment", subject: "1", event: "created", state: "created", error: "" },
  ...{ amount: 500, currency: "CNY" },
  facts: [
    { name: "user", value: "1" },
    { name: "order", value: "1" },
  ],
};

const timelines: readonly RpcCase[] = [
  answers(TIMELINE, "a payment", { id: 1 }, { payment: stored(1), events: [CREATED], isCut: false }),
  ...unknownIds.map((id) => refuses(TIMELINE, `unknown id ${id}`, { id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(TIMELINE, `id ${id} (${typeof id})`, { id }, "id")),
];

const cashiers: readonly RpcCase[] = [
  answers(
    CASHIER,
    "a payment",
    { id: 1 },
    {
      ...{ id: 1, oid: 1, amount: 500, currency: "CNY", state: "open", expireTime: 0, now: SOME_TIME },
      ...{ waiting: false, attempts: 0, channels: [] },
    },
  ),
  ...unknownIds.map((id) => refuses(CASHIER, `unknown id ${id}`, { id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(CASHIER, `id ${id} (${typeof id})`, { id }, "id")),
];

const refusedCallbacks: readonly RpcCase[] = [
  ...[0, 2, 255, 256, -1, SAFE_MAX].map((status) =>
    invalid(CALLBACK, `status ${status}`, { ...SUCCESS, status }, "status"),
  ),
  ...[-1, 4, 7, 10, 255, 256, SAFE_MAX].map((source) =>
    invalid(CALLBACK, `source ${source}`, { ...SUCCESS, source }, "source"),
  ),
  refuses(CALLBACK, "an unknown user", { ...SUCCESS, uid: 99 }, NO_USER),
  refuses(CALLBACK, "another user", { ...SUCCESS, uid: 2 }, NO_ORDER),
  refuses(CALLBACK, "another order", { ...SUCCESS, oid: 5 }, NO_ORDER),
  refuses(CALLBACK, "an unknown order", { ...SUCCESS, oid: 99 }, NO_ORDER),
  refuses(CALLBACK, "no money", { ...SUCCESS, amount: 0 }, AMOUNT),
  refuses(CALLBACK, "a negative amount", { ...SUCCESS, amount: -500 }, AMOUNT),
  ...unknownIds.map((id) => refuses(CALLBACK, `unknown id ${id}`, { ...SUCCESS, id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(CALLBACK, `id ${id} (${typeof id})`, { ...SUCCESS, id }, "id")),
  answers(DETAIL, "refused callbacks changed no payment", { id: 1 }, stored(1)),
  answers("order.detail", "nor its order", { id: 1 }, orderOne(0)),
];

const repricings: readonly RpcCase[] = [
  answers("pay.reprice", "a payment that costs what its order costs", { oid: 1 }, {}),
  answers("pay.reprice", "an order without a payment", { oid: 99 }, {}),
  ...impossibleIds.map((oid) => invalid("pay.reprice", `order ${oid} (${typeof oid})`, { oid }, "oid")),
];

const callbacks: readonly RpcCase[] = [
  answers(CALLBACK, "a success", SUCCESS, {}),
  answers(CALLBACK, "the same success", SUCCESS, {}),
  answers(DETAIL, "a paid one", { id: 1 }, paid(1)),
  answers("order.detail", "its order", { id: 1 }, orderOne(1)),
  answers("order.update", "another order is cancelled", { id: 5, status: 9 }, {}),
  answers(CALLBACK, "of a cancelled order: its money is taken", { ...SUCCESS, id: 2, oid: 5 }, {}),
  answers(DETAIL, "is paid", { id: 2 }, { ...paid(2), oid: 5 }),
  answers("order.detail", "the order is brought back", { id: 5 }, { ...orderOne(1), id: 5 }),
];

const REFUNDED = {
  ...{ refundNo: "R1", id: 1, amount: 200, currency: "CNY", cause: "request", reason: "太大" },
  ...{
    status: 4,
    channel: "callback",
    channelRefundNo: "",
    requestedBy: 7,
    error: "",
    createTime: SOME_TIME,
  },
};
const asked = { id: 1, refundNo: "R1", amount: 200, reason: "太大", requestedBy: 7 };
const EXCEEDS = ["FAILED_PRECONDITION", "REFUND_EXCEEDS", "退款金额超过可退金额", "amount"] as const;
const NO_USED = ["ALREADY_EXISTS", "REFUND_NO_USED", "退款单号已被使用", "refundNo"] as const;
const NO_REFUND = ["NOT_FOUND", "REFUND_NOT_FOUND", "退款不存在"] as const;
const NOT_BY_HAND = ["ABORTED", "REFUND_NOT_BY_HAND", "该退款无需人工处理"] as const;
const NOT_HELD = ["ABORTED", "PAY_NOT_HELD", "支付无待处理款项"] as const;

/** Of payment 1, whose success a callback told: no channel can be asked. */
const refunds: readonly RpcCase[] = [
  answers(REFUND, "a part", asked, REFUNDED),
  answers(REFUND, "the same again", asked, REFUNDED),
  refuses(REFUND, "another by the same number", { ...asked, amount: 1 }, NO_USED),
  refuses(REFUND, "more than is left", { ...asked, refundNo: "R2", amount: 301 }, EXCEEDS),
  ...unknownIds.map((id) => refuses(REFUND, `unknown id ${id}`, { ...asked, id, refundNo: "R3" }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(REFUND, `id ${id} (${typeof id})`, { ...asked, id }, "id")),
  ...[0, -1].map((amount) => invalid(REFUND, `amount ${amount}`, { ...asked, amount }, "amount")),
  ...["", "a b", "退", "x".repeat(65), "back-1", "gone-1"].map((refundNo) =>
    invalid(REFUND, `number ${refundNo}`, { ...asked, refundNo }, "refundNo"),
  ),
  invalid(REFUND, "too long a reason", { ...asked, reason: "x".repeat(256) }, "reason"),
  answers(REFUND_DETAIL, "a refund", { refundNo: "R1" }, REFUNDED),
  refuses(REFUND_DETAIL, "an unknown one", { refundNo: "r1" }, NO_REFUND),
  invalid(REFUND_DETAIL, "no number", { refundNo: 1 }, "refundNo"),
  answers(REFUND_LIST, "to be made by hand", { status: 4, before: "", limit: 0 }, { data: [REFUNDED] }),
  answers(SETTLE, "one that was made", { refundNo: "R1", succeeded: true }, {}),
  answers(SETTLE, "again", { refundNo: "R1", succeeded: true }, {}),
  refuses(SETTLE, "a made one as not made", { refundNo: "R1", succeeded: false }, NOT_BY_HAND),
  refuses(SETTLE, "an unknown one", { refundNo: "none", succeeded: true }, NO_REFUND),
  invalid(SETTLE, "a word that is none", { refundNo: "R1", succeeded: 1 }, "succeeded"),
  answers(DETAIL, "a part of it is back", { id: 1 }, { ...paid(1), status: 4, refundedAmount: 200 }),
  refuses(RESOLVE, "one that is not held", { id: 1, decision: "accept" }, NOT_HELD),
  ...unknownIds.map((id) => refuses(RESOLVE, `unknown id ${id}`, { id, decision: "accept" }, NOT_FOUND)),
  invalid(RESOLVE, "a decision that is none", { id: 1, decision: "keep" }, "decision"),
];

/** Payment 3 of an order of the second user; no channel is configured here. */
const closings: readonly RpcCase[] = [
  answers("order.create", "of the second user", { uid: 2, pid: 6, amount: 700, status: 0 }, { id: 9 }),
  answers(CREATE, "of the second user's order", { uid: 2, oid: 9, amount: 700 }, { id: 3 }),
  invalid(PREPAY, "a channel that is not configured", { id: 3, channel: "sandbox" }, "channel"),
  invalid(PREPAY, "no channel", { id: 3 }, "channel"),
  answers(SYNC, "which nobody tried to pay", { id: 3 }, unpaidThird),
  answers(CLOSE, "it", { id: 3 }, {}),
  answers(CLOSE, "it again", { id: 3 }, {}),
  answers(SYNC, "a closed one", { id: 3 }, closedThird),
  refuses(CLOSE, "a paid one", { id: 1 }, ALREADY_PAID),
  ...[CLOSE, SYNC].flatMap((method) => [
    ...unknownIds.map((id) => refuses(method, `unknown id ${id}`, { id }, NOT_FOUND)),
    ...impossibleIds.map((id) => invalid(method, `id ${id} (${typeof id})`, { id }, "id")),
  ]),
];

/** What a DTM server calls. */
const deliveries: readonly RpcCase[] = [
  answers(ORDER_PAID, "of a paid payment, again", { id: 1 }, {}),
  refuses(ORDER_PAID, "of a closed one, which money may still come for", { id: 3 }, UNDECIDED),
  ...impossibleIds.map((id) => invalid(ORDER_PAID, `id ${id} (${typeof id})`, { id }, "id")),
  refuses("pay.queryPrepared", "a call that is no branch", {}, [
    "INVALID_ARGUMENT",
    "INVALID_BRANCH",
    "invalid trans info: transInfo:   00 msg",
  ]),
];

const NO_CHANNEL = ["NOT_FOUND", "CHANNEL_UNKNOWN", "支付渠道不存在", "channel"] as const;
const posted = { channel: "sandbox", headers: [], body: new Uint8Array([1]) };

/** Of the three payments: 1 partly refunded, 2 paid, 3 closed. */
const lists: readonly RpcCase[] = [
  answers(LIST, "of the second user", { uid: 2, before: 0, limit: 0 }, { data: [closedThird] }),
  answers(LIST, "in a state", { status: 1, before: 0, limit: 10 }, { data: [{ ...paid(2), oid: 5 }] }),
  answers(LIST, "a page of one", { before: 3, limit: 1 }, { data: [{ ...paid(2), oid: 5 }] }),
  answers(REFUND_LIST, "to be made by hand, when it was", { status: 4, before: "", limit: 0 }, { data: [] }),
  answers(REFUND_LIST, "in any state", { before: "", limit: 1 }, { data: [{ ...REFUNDED, status: 2 }] }),
  answers(REFUND_LIST, "older than the first", { before: "R1", limit: 0 }, { data: [] }),
  refuses(REFUND_LIST, "older than none", { before: "none", limit: 0 }, NO_REFUND),
  ...[-1, 501].map((limit) => invalid(REFUND_LIST, `limit ${limit}`, { before: "", limit }, "limit")),
  answers(LIST, "of nobody", { uid: 99, before: 0, limit: 0 }, { data: [] }),
  answers(LIST, "in a state that there is not", { status: 77, before: 0, limit: 0 }, { data: [] }),
  ...[-1, 501, SAFE_MAX].map((limit) => invalid(LIST, `limit ${limit}`, { before: 0, limit }, "limit")),
  invalid(LIST, "an unsafe page", { before: BEYOND_SAFE, limit: 0 }, "before"),
  refuses(NOTIFY, "of a channel that is not configured", posted, NO_CHANNEL),
  invalid(NOTIFY, "a body that is no bytes", { ...posted, body: "x" }, "body"),
];

const ANY_PAYMENT = { text: "", channel: "", before: 0, limit: 0 };
const ANY_REFUND = { ...ANY_PAYMENT, cause: "" };
const found = (matched: readonly string[]): object => ({
  payments: [
    {
      ...{ payment: closedThird, createTime: SOME_TIME, matched },
      ...{ channel: "", outTradeNo: "", channelTradeNo: "" },
    },
  ],
  next: 0,
});

const searches: readonly RpcCase[] = [
  answers(SEARCH, "the number of an order", { ...ANY_PAYMENT, text: "9" }, found(["oid"])),
  answers(SEARCH, "in a state", { ...ANY_PAYMENT, status: 2 }, found([])),
  answers(SEARCH, "what is nobody's", { ...ANY_PAYMENT, text: "none" }, { payments: [], next: 0 }),
  answers(
    REFUND_SEARCH,
    "a number",
    { ...ANY_REFUND, text: "R1" },
    { refunds: [{ ...REFUNDED, status: 2 }], next: 0 },
  ),
  answers(REFUND_SEARCH, "of a payment without any", { ...ANY_REFUND, id: 3 }, { refunds: [], next: 0 }),
  ...[
    { method: SEARCH, request: ANY_PAYMENT },
    { method: REFUND_SEARCH, request: ANY_REFUND },
  ].flatMap(({ method, request }) => [
    ...[-1, 501].map((limit) => invalid(method, `limit ${limit}`, { ...request, limit }, "limit")),
    invalid(method, "an amount of no range", { ...request, amountMin: 2, amountMax: 1 }, "amountMin"),
    invalid(method, "a time before itself", { ...request, from: 5, to: 5 }, "from"),
    invalid(method, "an unsafe page", { ...request, before: BEYOND_SAFE }, "before"),
  ]),
];

const NO_NOTIFY = ["NOT_FOUND", "NOTIFY_NOT_FOUND", "there is no notification 99"] as const;
const NO_APPROVAL = ["NOT_FOUND", "APPROVAL_NOT_FOUND", "复核申请不存在"] as const;
const NO_BILL = ["NOT_FOUND", "BILL_NOT_FOUND", "对账单不存在"] as const;
const NO_DIFFERENCE = ["NOT_FOUND", "BILL_DIFFERENCE_NOT_FOUND", "对账差异不存在"] as const;
const PAGE = { before: 0, limit: 0 };

/** The hour of 1970-01-01T00:00, and what is refused of it. */
const LONG_AGO = { from: 0, to: 3_600, bucket: "hour", utcOffset: 0 };

const statistics: readonly RpcCase[] = [
  answers(STATISTICS, "when there was no mall", LONG_AGO, {
    ...{ rows: [], totals: [], openAttempts: 0, isPartial: false },
  }),
  invalid(STATISTICS, "a time before itself", { ...LONG_AGO, from: 3_600 }, "from"),
  invalid(STATISTICS, "too many buckets", { ...LONG_AGO, bucket: "minute", to: 30_000 }, "to"),
  invalid(STATISTICS, "a bucket that there is not", { ...LONG_AGO, bucket: "week" }, "bucket"),
  invalid(STATISTICS, "half an hour", { ...LONG_AGO, bucket: "day", utcOffset: 30 }, "utcOffset"),
];

/** Of a mall where nothing waits, and no channel is configured. */
const desks: readonly RpcCase[] = [
  answers(
    ATTENTION,
    "of one kind",
    { kind: "held", limit: 0 },
    { kinds: [{ kind: "held", count: 0, isMore: false, since: 0, rows: [] }], now: SOME_TIME },
  ),
  invalid(ATTENTION, "of no kind", { kind: "weather", limit: 0 }, "kind"),
  ...[-1, 101].map((limit) => invalid(ATTENTION, `limit ${limit}`, { kind: "", limit }, "limit")),
  answers("pay.approvalList", "none", PAGE, { data: [] }),
  ...[-1, 501].map((limit) => invalid("pay.approvalList", `limit ${limit}`, { ...PAGE, limit }, "limit")),
  ...["pay.approvalApprove", "pay.approvalReject"].flatMap((method) => [
    refuses(method, "an unknown one", { id: 99, reason: "" }, NO_APPROVAL),
    ...impossibleIds.map((id) => invalid(method, `id ${id} (${typeof id})`, { id, reason: "" }, "id")),
  ]),
  answers(NOTIFY_LIST, "none", { ...PAGE, channel: "", subject: "" }, { data: [] }),
  ...[-1, 501].map((limit) =>
    invalid(NOTIFY_LIST, `limit ${limit}`, { ...PAGE, channel: "", subject: "", limit }, "limit"),
  ),
  refuses(NOTIFY_DETAIL, "an unknown one", { id: 99 }, NO_NOTIFY),
  refuses(NOTIFY_REPLAY, "an unknown one", { id: 99 }, NO_NOTIFY),
  ...[NOTIFY_DETAIL, NOTIFY_REPLAY].flatMap((method) =>
    impossibleIds.map((id) => invalid(method, `id ${id} (${typeof id})`, { id }, "id")),
  ),
  answers(NOTIFY_REFUSED_LIST, "none", { ...PAGE, channel: "" }, { data: [] }),
  ...[-1, 501].map((limit) =>
    invalid(NOTIFY_REFUSED_LIST, `limit ${limit}`, { ...PAGE, channel: "", limit }, "limit"),
  ),
  answers("pay.billList", "none", { ...PAGE, channel: "" }, { data: [] }),
  answers("pay.billDifferenceList", "none", PAGE, { data: [] }),
  ...[-1, 501].flatMap((limit) => [
    invalid("pay.billList", `limit ${limit}`, { ...PAGE, channel: "", limit }, "limit"),
    invalid("pay.billDifferenceList", `limit ${limit}`, { ...PAGE, limit }, "limit"),
  ]),
  refuses("pay.billCompare", "an unknown one", { id: 99 }, NO_BILL),
  ...impossibleIds.map((id) => invalid("pay.billCompare", `id ${id} (${typeof id})`, { id }, "id")),
  refuses("pay.billDifferenceSettle", "an unknown one", { id: 99, note: "seen" }, NO_DIFFERENCE),
  ...["", "x".repeat(256)].map((note) =>
    invalid("pay.billDifferenceSettle", `${note.length} letters`, { id: 99, note }, "note"),
  ),
  answers("pay.channels", "none", { ask: true }, { data: [] }),
  invalid("pay.channels", "neither yes nor no", { ask: 1 }, "ask"),
];

export const payCases: readonly RpcCase[] = [
  ...creates,
  ...details,
  ...timelines,
  ...cashiers,
  ...refusedCallbacks,
  ...repricings,
  ...callbacks,
  ...refunds,
  ...closings,
  ...deliveries,
  ...lists,
  ...searches,
  ...desks,
  ...statistics,
];

function orderOne(status: number): object {
  return { id: 1, uid: 1, pid: 1, amount: 500, status, num: 1, expireTime: 0 };
}
