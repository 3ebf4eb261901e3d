import { answers, invalid, type RpcCase, refuses } from "./case.ts";
import { SOME_TIME } from "./pay-cases.ts";
import { BEYOND_SAFE, SAFE_MAX, UINT32_MAX } from "./values.ts";

const CREATE = "order.create";
const UPDATE = "order.update";
const REMOVE = "order.remove";
const DETAIL = "order.detail";
const LIST = "order.list";
const SEARCH = "order.search";
const PAID = "order.paid";
const REVERT = "order.createRevert";
const REOPEN = "order.reopen";
const REFUNDED = "order.refunded";
const EXPIRE = "order.expire";

const NOT_FOUND = ["NOT_FOUND", "ORDER_NOT_FOUND", "订单不存在"] as const;
const NO_USER = ["NOT_FOUND", "USER_NOT_FOUND", "用户不存在"] as const;
const NO_PRODUCT = ["NOT_FOUND", "PRODUCT_NOT_FOUND", "产品不存在"] as const;
const CONFLICT = ["ABORTED", "ORDER_STATE_CONFLICT", "订单状态不允许此操作"] as const;
const CANCELLED = ["ABORTED", "ORDER_CANCELLED", "订单已取消"] as const;
const GIVEN_BACK = ["ABORTED", "ORDER_REFUNDED", "订单已退款"] as const;
const NO_BRANCH = ["FAILED_PRECONDITION", "BRANCH_REQUIRED", "缺少分布式事务信息"] as const;
const PRICE = ["FAILED_PRECONDITION", "PRICE_MISMATCH", "订单金额与产品价格不符", "amount"] as const;
const OFF_SHELF = ["FAILED_PRECONDITION", "PRODUCT_OFF_SHELF", "产品已下架"] as const;
const SOLD_OUT = ["ABORTED", "STOCK_INSUFFICIENT", "产品库存不足"] as const;

/** Orders 1 to 5 of user 1; the pay cases count on 1 and 5 (unpaid), 2 (paid), 3 (cancelled) and 4 (removed). */
const ASKED = { uid: 1, pid: 1, amount: 500, status: 0 };
const stored = (id: number, changes: object = {}): object => ({
  id,
  ...ASKED,
  num: 1,
  expireTime: 0,
  ...changes,
});

const FEW = { name: "梨", desc: "又小又圆", stock: 2, amount: 700 };
const BY_OTHER = { uid: 2, pid: 6, amount: 700, status: 0 };
const byOther = (id: number, changes: object): object => ({ ...stored(id), ...BY_OTHER, ...changes });
const productSix = (stock: number): object => ({ id: 6, ...FEW, stock, status: 0 });

const unknownIds = [99, 0, -1, SAFE_MAX];
const impossibleIds = [BEYOND_SAFE, -BEYOND_SAFE, 0.5, "1", undefined];

const creates: readonly RpcCase[] = [
  answers(CREATE, "an order", ASKED, { id: 1 }),
  answers(CREATE, "one that will be paid", ASKED, { id: 2 }),
  answers(CREATE, "one that will be cancelled", ASKED, { id: 3 }),
  answers(CREATE, "one that will be removed", ASKED, { id: 4 }),
  answers(CREATE, "a status is not taken", { ...ASKED, status: 1 }, { id: 5 }),
  answers("product.detail", "five pieces fewer", { id: 1 }, productOne(5)),
  refuses(CREATE, "an unknown user", { ...ASKED, uid: 99 }, NO_USER),
  refuses(CREATE, "user 0", { ...ASKED, uid: 0 }, NO_USER),
  refuses(CREATE, "a negative user", { ...ASKED, uid: -1 }, NO_USER),
  refuses(CREATE, "an unknown product", { ...ASKED, pid: 99 }, NO_PRODUCT),
  refuses(CREATE, "a removed product", { ...ASKED, pid: 5 }, NO_PRODUCT),
  refuses(CREATE, "neither: the user is named", { ...ASKED, uid: 99, pid: 99 }, NO_USER),
  refuses(CREATE, "off shelf", { ...ASKED, pid: 4 }, OFF_SHELF),
  refuses(CREATE, "sold out", { ...ASKED, pid: 2 }, SOLD_OUT),
  ...[0, 499, 501, -500, UINT32_MAX + 1, SAFE_MAX].map((amount) =>
    refuses(CREATE, `the price is not ${amount}`, { ...ASKED, amount }, PRICE),
  ),
  invalid(CREATE, "an unsafe user", { ...ASKED, uid: BEYOND_SAFE }, "uid"),
  invalid(CREATE, "an unsafe product", { ...ASKED, pid: -BEYOND_SAFE }, "pid"),
  invalid(CREATE, "an unsafe amount", { ...ASKED, amount: BEYOND_SAFE }, "amount"),
  invalid(CREATE, "a text", { ...ASKED, amount: "500" }, "amount"),
  invalid(CREATE, "nothing", {}, "uid"),
  answers("product.detail", "refusals took no piece", { id: 1 }, productOne(5)),
];

const payments: readonly RpcCase[] = [
  answers(PAID, "an order", { id: 2 }, {}),
  answers(PAID, "again", { id: 2 }, {}),
  answers(DETAIL, "a paid one", { id: 2 }, stored(2, { status: 1 })),
  answers(UPDATE, "cancels", { id: 3, status: 9 }, {}),
  answers(DETAIL, "a cancelled one", { id: 3 }, stored(3, { status: 9 })),
  answers("product.detail", "its piece is back", { id: 1 }, productOne(6)),
  refuses(PAID, "a cancelled one", { id: 3 }, CANCELLED),
  refuses(UPDATE, "cancels a paid one", { id: 2, status: 9 }, CONFLICT),
  answers(UPDATE, "cancels a cancelled one: nothing to do", { id: 3, status: 9 }, {}),
  answers("product.detail", "and no piece comes twice", { id: 1 }, productOne(6)),
  refuses(REMOVE, "a paid one", { id: 2 }, CONFLICT),
  answers(REMOVE, "an unpaid one", { id: 4 }, {}),
  answers("product.detail", "its piece is back too", { id: 1 }, productOne(7)),
  refuses(REMOVE, "a removed one", { id: 4 }, NOT_FOUND),
  refuses(PAID, "a removed one", { id: 4 }, NOT_FOUND),
  refuses(DETAIL, "a removed one", { id: 4 }, NOT_FOUND),
  refuses(UPDATE, "a removed one", { id: 4, amount: 1 }, NOT_FOUND),
];

/** Orders 6 to 8 of user 2, of a product of their own. */
const laterMoney: readonly RpcCase[] = [
  answers("product.create", "one with two pieces", { ...FEW, status: 0 }, { id: 6 }),
  ...[6, 7].map((id) => answers(CREATE, "one of the two", BY_OTHER, { id })),
  answers(UPDATE, "cancels the first", { id: 6, status: 9 }, {}),
  answers(REOPEN, "the first, whose piece is back", { id: 6 }, {}),
  answers(REOPEN, "again: it is paid already", { id: 6 }, {}),
  answers(DETAIL, "the first is paid", { id: 6 }, byOther(6, { status: 1 })),
  answers("product.detail", "its piece is taken again, once", { id: 6 }, productSix(0)),
  answers(UPDATE, "cancels the second", { id: 7, status: 9 }, {}),
  answers(CREATE, "somebody takes its piece", BY_OTHER, { id: 8 }),
  refuses(REOPEN, "the second, whose piece is gone", { id: 7 }, SOLD_OUT),
  answers(DETAIL, "it stays cancelled", { id: 7 }, byOther(7, { status: 9 })),
  answers(REOPEN, "an unpaid one is paid", { id: 8 }, {}),
  answers(REFUNDED, "a paid one", { id: 6 }, {}),
  answers(REFUNDED, "again", { id: 6 }, {}),
  answers("product.detail", "its piece comes back once", { id: 6 }, productSix(1)),
  answers(REFUNDED, "a cancelled one", { id: 7 }, {}),
  answers("product.detail", "which has no piece", { id: 6 }, productSix(1)),
  ...[6, 7].flatMap((id) => [
    answers(DETAIL, "a refunded one", { id }, byOther(id, { status: 2 })),
    refuses(PAID, "a refunded one", { id }, GIVEN_BACK),
    refuses(REOPEN, "a refunded one", { id }, GIVEN_BACK),
    refuses(UPDATE, "cancels a refunded one", { id, status: 9 }, CONFLICT),
    refuses(REMOVE, "a refunded one", { id }, CONFLICT),
    answers(EXPIRE, "a refunded one: nothing to do", { id }, {}),
  ]),
  answers(EXPIRE, "one without an end: nothing to do", { id: 8 }, {}),
  answers(REFUNDED, "a removed one: nothing to do", { id: 4 }, {}),
  refuses(REOPEN, "a removed one", { id: 4 }, NOT_FOUND),
  answers(EXPIRE, "a removed one: nothing to do", { id: 4 }, {}),
  refuses(REVERT, "what no saga did", ASKED, NO_BRANCH),
  invalid(REVERT, "an unsafe user", { ...ASKED, uid: BEYOND_SAFE }, "uid"),
];

const updates: readonly RpcCase[] = [
  answers(UPDATE, "the amount of an unpaid one", { id: 5, amount: 400 }, {}),
  answers(DETAIL, "has it", { id: 5 }, stored(5, { amount: 400 })),
  answers(UPDATE, "back, naming who and what", { id: 5, ...ASKED }, {}),
  answers(UPDATE, "nothing", { id: 5 }, {}),
  answers(DETAIL, "as before", { id: 5 }, stored(5)),
  refuses(UPDATE, "the amount of a paid one", { id: 2, amount: 1 }, CONFLICT),
  refuses(UPDATE, "the user", { id: 5, uid: 2 }, fixed("uid")),
  refuses(UPDATE, "to user 0", { id: 5, uid: 0 }, fixed("uid")),
  refuses(UPDATE, "the product", { id: 5, pid: 2 }, fixed("pid")),
  ...[1, 2, 10, 255, 256, -1, SAFE_MAX].map((status) =>
    refuses(UPDATE, `to status ${status}`, { id: 5, status }, CONFLICT),
  ),
  refuses(UPDATE, "a paid one to unpaid", { id: 2, status: 0 }, CONFLICT),
  refuses(UPDATE, "a cancelled one to unpaid", { id: 3, status: 0 }, CONFLICT),
  invalid(UPDATE, "a negative amount", { id: 5, amount: -1 }, "amount"),
  invalid(UPDATE, "too large an amount", { id: 5, amount: UINT32_MAX + 1, status: 9 }, "amount"),
  invalid(UPDATE, "an unsafe amount", { id: 5, amount: BEYOND_SAFE }, "amount"),
  answers(DETAIL, "refusals changed nothing", { id: 5 }, stored(5)),
];

const lists: readonly RpcCase[] = [
  answers(
    LIST,
    "newest first, without the removed",
    { uid: 1, before: 0, limit: 0 },
    {
      data: [stored(5), stored(3, { status: 9 }), stored(2, { status: 1 }), stored(1)],
    },
  ),
  answers(LIST, "a page", { uid: 1, before: 5, limit: 1 }, { data: [stored(3, { status: 9 })] }),
  answers(LIST, "past the end", { uid: 1, before: 1, limit: 500 }, { data: [] }),
  answers(LIST, "a user without orders", { uid: 2, before: 0, limit: 0 }, { data: [] }),
  answers(LIST, "a page far beyond", { uid: 1, before: SAFE_MAX, limit: 1 }, { data: [stored(5)] }),
  refuses(LIST, "an unknown user", { uid: 99, before: 0, limit: 0 }, NO_USER),
  refuses(LIST, "a negative user", { uid: -1, before: 0, limit: 0 }, NO_USER),
  ...[501, -1, SAFE_MAX].map((limit) =>
    invalid(LIST, `limit ${limit}`, { uid: 1, before: 0, limit }, "limit"),
  ),
  invalid(LIST, "an unsafe user", { uid: BEYOND_SAFE, before: 0, limit: 0 }, "uid"),
  invalid(LIST, "an unsafe page", { uid: 1, before: BEYOND_SAFE, limit: 0 }, "before"),
];

/** Page by page, as the list; when an order was made is left out of the comparison. */
const found = (...orders: readonly object[]): object[] =>
  orders.map((order) => ({ ...order, createTime: SOME_TIME }));
const searches: readonly RpcCase[] = [
  answers(
    SEARCH,
    "all users' orders, without the removed",
    { before: 0, limit: 0 },
    { orders: found(stored(5), stored(3, { status: 9 }), stored(2, { status: 1 }), stored(1)), next: 0 },
  ),
  answers(
    SEARCH,
    "those of a user, a page of them",
    { uid: 1, before: 5, limit: 1 },
    { orders: found(stored(3, { status: 9 })), next: 3 },
  ),
  answers(
    SEARCH,
    "by everything",
    { id: 2, uid: 1, pid: 1, status: 1, from: 0, to: 9007199254, before: 0, limit: 1 },
    { orders: found(stored(2, { status: 1 })), next: 2 },
  ),
  answers(
    SEARCH,
    "that cost nothing of the kind",
    { amountMin: 4_294_967_295, before: 0, limit: 0 },
    { orders: [], next: 0 },
  ),
  invalid(SEARCH, "a time before itself", { from: 5, to: 5, before: 0, limit: 0 }, "from"),
  invalid(SEARCH, "an amount of no range", { amountMin: 2, amountMax: 1, before: 0, limit: 0 }, "amountMin"),
  answers(SEARCH, "of no time", { from: 9007199254, before: 0, limit: 0 }, { orders: [], next: 0 }),
  answers(SEARCH, "of before all time", { to: 0, before: 0, limit: 0 }, { orders: [], next: 0 }),
  answers(SEARCH, "an unknown one", { id: 99, before: 0, limit: 0 }, { orders: [], next: 0 }),
  answers(SEARCH, "removed ones", { status: 10, before: 0, limit: 0 }, { orders: [], next: 0 }),
  ...[501, -1, SAFE_MAX].map((limit) => invalid(SEARCH, `limit ${limit}`, { before: 0, limit }, "limit")),
  invalid(SEARCH, "an unsafe user", { uid: BEYOND_SAFE, before: 0, limit: 0 }, "uid"),
  ...["from", "to"].map((field) =>
    invalid(SEARCH, `an unsafe time ${field}`, { [field]: SAFE_MAX, before: 0, limit: 0 }, field),
  ),
];

const ids: readonly RpcCase[] = [UPDATE, REMOVE, DETAIL, PAID, REOPEN, REFUNDED, EXPIRE].flatMap((method) => [
  ...unknownIds.map((id) => refuses(method, `unknown id ${id}`, { id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(method, `id ${id} (${typeof id})`, { id }, "id")),
]);

export const orderCases: readonly RpcCase[] = [
  ...creates,
  ...payments,
  ...updates,
  ...lists,
  ...searches,
  ...laterMoney,
  ...ids,
];

function fixed(field: string) {
  return ["FAILED_PRECONDITION", "ORDER_FIXED", "订单的用户和产品不可修改", field] as const;
}

function productOne(stock: number): object {
  return { id: 1, name: "苹果", desc: "又大又圆", stock, amount: 500, status: 0 };
}
