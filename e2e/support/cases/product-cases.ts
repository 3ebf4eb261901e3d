import { answers, invalid, type RpcCase, refuses } from "./case.ts";
import {
  BEYOND_SAFE,
  EMOJI_255,
  LONE_SURROGATE,
  ODD_TEXT,
  SAFE_MAX,
  TEXT_256,
  UINT32_MAX,
} from "./values.ts";

const CREATE = "product.create";
const UPDATE = "product.update";
const REMOVE = "product.remove";
const DETAIL = "product.detail";
const LIST = "product.list";
const STOCK = "product.stock";
const DECR = "product.decrStock";
const REVERT = "product.decrStockRevert";

const NOT_FOUND = ["NOT_FOUND", "PRODUCT_NOT_FOUND", "产品不存在"] as const;
const INSUFFICIENT = ["ABORTED", "STOCK_INSUFFICIENT", "产品库存不足"] as const;
const OVERFLOW_OF = (field: string) =>
  [
    "FAILED_PRECONDITION",
    "STOCK_OVERFLOW",
    `field "${field}" must not make the stock greater than ${UINT32_MAX}`,
    field,
  ] as const;
const CHANGED = ["ABORTED", "PRODUCT_CHANGED", "产品已变化，请刷新后重试"] as const;
const UNEXPECTED = [
  ["stock", { expectedStock: 9 }],
  ["amount", { expectedAmount: 0 }],
  ["status", { expectedStatus: 1 }],
  ["name", { expectedName: "" }],
  ["desc", { expectedDesc: "又" }],
] as const;
const OFF_SHELF = ["FAILED_PRECONDITION", "PRODUCT_OFF_SHELF", "产品已下架"] as const;

/** Products 1 to 5; the order cases count on 1 (in stock, 500), 2 (sold out), 4 (off shelf) and 5 (removed). */
const APPLE = { name: "苹果", desc: "又大又圆", stock: 10, amount: 500, status: 0 };
const EMPTY = { name: "", desc: "", stock: 0, amount: 0, status: 0 };
const FULL = { name: EMOJI_255, desc: ODD_TEXT, stock: UINT32_MAX, amount: UINT32_MAX, status: 0 };
const HIDDEN = { ...APPLE, status: 1 };

const unknownIds = [99, 0, -1, SAFE_MAX];
const impossibleIds = [BEYOND_SAFE, -BEYOND_SAFE, 0.5, "1", undefined];

const creates: readonly RpcCase[] = [
  answers(CREATE, "a product", APPLE, { id: 1 }),
  answers(CREATE, "the least of everything", EMPTY, { id: 2 }),
  answers(CREATE, "the most of everything", FULL, { id: 3 }),
  answers(CREATE, "one off shelf", HIDDEN, { id: 4 }),
  answers(CREATE, "one that goes again", APPLE, { id: 5 }),
  invalid(CREATE, "a negative stock", { ...APPLE, stock: -1 }, "stock"),
  invalid(CREATE, "too large a stock", { ...APPLE, stock: UINT32_MAX + 1 }, "stock"),
  invalid(CREATE, "an unsafe stock", { ...APPLE, stock: BEYOND_SAFE }, "stock"),
  invalid(CREATE, "a negative amount", { ...APPLE, amount: -1 }, "amount"),
  invalid(CREATE, "too large an amount", { ...APPLE, amount: UINT32_MAX + 1 }, "amount"),
  invalid(CREATE, "a broken amount", { ...APPLE, amount: 0.1 }, "amount"),
  ...[2, -1, 255, 256, SAFE_MAX].map((status) =>
    invalid(CREATE, `status ${status}`, { ...APPLE, status }, "status"),
  ),
  invalid(CREATE, "too long a name", { ...APPLE, name: TEXT_256 }, "name"),
  invalid(CREATE, "too long a desc", { ...APPLE, desc: `${EMOJI_255}x` }, "desc"),
  invalid(CREATE, "half a character", { ...APPLE, desc: LONE_SURROGATE }, "desc"),
  invalid(CREATE, "nothing", {}, "name"),
];

const updates: readonly RpcCase[] = [
  answers(UPDATE, "one field", { id: 1, name: "梨" }, {}),
  answers(DETAIL, "only that field is changed", { id: 1 }, { id: 1, ...APPLE, name: "梨" }),
  answers(UPDATE, "to zero and empty", { id: 1, name: "", desc: "", stock: 0, amount: 0, status: 1 }, {}),
  answers(DETAIL, "zero is set", { id: 1 }, { id: 1, ...EMPTY, status: 1 }),
  answers(UPDATE, "everything back", { id: 1, ...APPLE }, {}),
  answers(UPDATE, "nothing", { id: 1 }, {}),
  answers(UPDATE, "to what it is", { id: 1, ...APPLE }, {}),
  answers(DETAIL, "as before", { id: 1 }, { id: 1, ...APPLE }),
  ...unknownIds.map((id) => refuses(UPDATE, `unknown id ${id}`, { id, name: "x" }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(UPDATE, `id ${id} (${typeof id})`, { id, name: "x" }, "id")),
  invalid(UPDATE, "too large a stock", { id: 1, stock: UINT32_MAX + 1 }, "stock"),
  invalid(UPDATE, "a negative stock", { id: 1, stock: -1 }, "stock"),
  invalid(UPDATE, "a negative amount", { id: 1, amount: -1 }, "amount"),
  invalid(UPDATE, "the status of removed ones", { id: 1, status: 2 }, "status"),
  invalid(UPDATE, "too long a name", { id: 1, name: TEXT_256 }, "name"),
  invalid(UPDATE, "null", { id: 1, name: null }, "name"),
  ...UNEXPECTED.map(([field, expected]) =>
    refuses(UPDATE, `another ${field}`, { id: 1, stock: 1, ...expected }, [...CHANGED, field]),
  ),
  refuses(UPDATE, "fewer pieces than none", { id: 1, stockChange: -11 }, INSUFFICIENT),
  refuses(
    UPDATE,
    "more pieces than the column holds",
    { id: 1, stockChange: UINT32_MAX },
    OVERFLOW_OF("stockChange"),
  ),
  invalid(UPDATE, "unsafe pieces", { id: 1, stockChange: -BEYOND_SAFE }, "stockChange"),
  invalid(UPDATE, "stock and its change", { id: 1, stock: 9, stockChange: -1 }, "stockChange"),
  answers(DETAIL, "refused updates changed nothing", { id: 1 }, { id: 1, ...APPLE }),
  answers(UPDATE, "stock by difference", { id: 1, stockChange: -10 }, {}),
  answers(UPDATE, "stock that is as expected", { id: 1, stock: 10, expectedStock: 0 }, {}),
  answers(DETAIL, "as many as before", { id: 1 }, { id: 1, ...APPLE }),
];

const removals: readonly RpcCase[] = [
  answers(REMOVE, "a product", { id: 5 }, {}),
  refuses(REMOVE, "a removed one", { id: 5 }, NOT_FOUND),
  refuses(DETAIL, "a removed one", { id: 5 }, NOT_FOUND),
  refuses(UPDATE, "a removed one", { id: 5, name: "x" }, NOT_FOUND),
  refuses(DECR, "a removed one", { id: 5, num: 1 }, NOT_FOUND),
  answers(REVERT, "a removed one takes its pieces back", { id: 5, num: 1 }, {}),
  ...unknownIds.map((id) => refuses(REMOVE, `unknown id ${id}`, { id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(REMOVE, `id ${id} (${typeof id})`, { id }, "id")),
];

const details: readonly RpcCase[] = [
  answers(DETAIL, "the least of everything", { id: 2 }, { id: 2, ...EMPTY }),
  answers(DETAIL, "the most of everything", { id: 3 }, { id: 3, ...FULL }),
  answers(DETAIL, "one off shelf", { id: 4 }, { id: 4, ...HIDDEN }),
  ...unknownIds.map((id) => refuses(DETAIL, `unknown id ${id}`, { id }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(DETAIL, `id ${id} (${typeof id})`, { id }, "id")),
];

const stock: readonly RpcCase[] = [
  answers(DECR, "some", { id: 1, num: 3 }, {}),
  answers(DETAIL, "three fewer", { id: 1 }, { id: 1, ...APPLE, stock: 7 }),
  refuses(DECR, "one too many", { id: 1, num: 8 }, INSUFFICIENT),
  refuses(DECR, "far too many", { id: 1, num: SAFE_MAX }, INSUFFICIENT),
  refuses(DECR, "sold out", { id: 2, num: 1 }, INSUFFICIENT),
  refuses(DECR, "off shelf", { id: 4, num: 1 }, OFF_SHELF),
  answers(STOCK, "a delivery", { id: 1, change: 5 }, { stock: 12 }),
  answers(STOCK, "a loss", { id: 1, change: -5 }, { stock: 7 }),
  answers(STOCK, "nothing", { id: 1, change: 0 }, { stock: 7 }),
  answers(STOCK, "off shelf", { id: 4, change: 0 }, { stock: 10 }),
  refuses(STOCK, "a loss of more than there are", { id: 1, change: -8 }, INSUFFICIENT),
  refuses(STOCK, "more than the column holds", { id: 1, change: UINT32_MAX }, OVERFLOW_OF("change")),
  refuses(STOCK, "a removed one", { id: 5, change: 1 }, NOT_FOUND),
  ...unknownIds.map((id) => refuses(STOCK, `unknown id ${id}`, { id, change: 1 }, NOT_FOUND)),
  ...impossibleIds.map((id) => invalid(STOCK, `id ${id} (${typeof id})`, { id, change: 1 }, "id")),
  invalid(STOCK, "unsafe pieces", { id: 1, change: BEYOND_SAFE }, "change"),
  answers(REVERT, "some", { id: 1, num: 3 }, {}),
  answers(DETAIL, "all there again", { id: 1 }, { id: 1, ...APPLE }),
  answers(DECR, "all of the most", { id: 3, num: UINT32_MAX }, {}),
  answers(REVERT, "all of the most", { id: 3, num: UINT32_MAX }, {}),
  invalid(REVERT, "more than the column holds", { id: 3, num: 1 }, "num"),
  invalid(REVERT, "far more than the column holds", { id: 1, num: SAFE_MAX }, "num"),
  answers(DETAIL, "the most is still there", { id: 3 }, { id: 3, ...FULL }),
  ...[DECR, REVERT].flatMap((method) => [
    ...[0, -1, -SAFE_MAX].map((num) => invalid(method, `${num} pieces`, { id: 1, num }, "num")),
    invalid(method, "unsafe pieces", { id: 1, num: BEYOND_SAFE }, "num"),
    invalid(method, "no pieces", { id: 1 }, "num"),
    ...unknownIds.map((id) => refuses(method, `unknown id ${id}`, { id, num: 1 }, NOT_FOUND)),
    ...impossibleIds.map((id) => invalid(method, `id ${id} (${typeof id})`, { id, num: 1 }, "id")),
  ]),
];

const [ONE, TWO, THREE, FOUR] = [APPLE, EMPTY, FULL, HIDDEN].map((product, index) => ({
  id: index + 1,
  ...product,
}));
const lists: readonly RpcCase[] = [
  answers(
    LIST,
    "newest first, without the removed",
    { before: 0, limit: 0 },
    { products: [FOUR, THREE, TWO, ONE], next: 0 },
  ),
  answers(LIST, "a page", { before: 4, limit: 2 }, { products: [THREE, TWO], next: 2 }),
  answers(LIST, "off shelf", { status: 1, before: 0, limit: 0 }, { products: [FOUR], next: 0 }),
  answers(LIST, "by name", { name: "苹", status: 0, before: 0, limit: 0 }, { products: [ONE], next: 0 }),
  answers(LIST, "by a whole name", { name: EMOJI_255, before: 0, limit: 1 }, { products: [THREE], next: 3 }),
  answers(LIST, "by any name", { name: "", before: 2, limit: 1 }, { products: [ONE], next: 1 }),
  answers(LIST, "by odd text", { name: ODD_TEXT, before: 0, limit: 0 }, { products: [], next: 0 }),
  answers(LIST, "removed ones", { status: 2, before: 0, limit: 0 }, { products: [], next: 0 }),
  ...[501, -1, SAFE_MAX].map((limit) => invalid(LIST, `limit ${limit}`, { before: 0, limit }, "limit")),
  invalid(LIST, "half a character", { name: LONE_SURROGATE, before: 0, limit: 0 }, "name"),
  invalid(LIST, "an unsafe page", { before: BEYOND_SAFE, limit: 0 }, "before"),
];

export const productCases: readonly RpcCase[] = [
  ...creates,
  ...updates,
  ...removals,
  ...details,
  ...lists,
  ...stock,
];
