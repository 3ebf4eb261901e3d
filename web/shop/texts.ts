import type { OrderState } from "./order-state.ts";

/** Everything that the shop says, but for what people write. */
export interface Texts {
  readonly title: string;
  readonly products: string;
  readonly myOrders: string;
  readonly signOut: string;
  readonly loading: string;
  readonly more: string;
  readonly signIn: {
    readonly signIn: string;
    readonly signUp: string;
    readonly toSignUp: string;
    readonly toSignIn: string;
    readonly intro: string;
    readonly ended: string;
    readonly name: string;
    readonly mobile: string;
    readonly mobileHint: string;
    readonly password: string;
    readonly passwordHint: string;
  };
  readonly buy: (name: string) => string;
  readonly buyShort: string;
  readonly buying: string;
  readonly left: (pieces: number) => string;
  readonly soldOut: string;
  readonly empty: string;
  readonly emptyForStaff: string;
  readonly putSamplesUp: string;
  readonly order: (id: number) => string;
  readonly productOf: (id: number) => string;
  readonly noOrders: string;
  readonly pay: string;
  readonly cancel: string;
  readonly timeLine: string;
  readonly states: Readonly<Record<OrderState, string>>;
  readonly hints: Readonly<Partial<Record<OrderState, string>>>;
  readonly troubles: Readonly<Record<string, string>>;
  readonly unknown: (reason: string) => string;
}

const EN: Texts = {
  title: "Shop",
  products: "Products",
  myOrders: "My orders",
  signOut: "Sign out",
  loading: "Loading …",
  more: "Show more",
  signIn: {
    signIn: "Sign in",
    signUp: "Sign up",
    toSignUp: "New here? Sign up",
    toSignIn: "Known here? Sign in",
    intro:
      "This shop is there to try the mall. Any number will do; on a fresh mall the first to sign up is its admin.",
    ended: "Your session has ended. Sign in again.",
    name: "Name",
    mobile: "Mobile number",
    mobileHint: "5 to 20 digits",
    password: "Password",
    passwordHint: "At least 6 characters",
  },
  buy: (name) => `Buy ${name}`,
  buyShort: "Buy",
  buying: "One moment …",
  left: (pieces) => `${pieces} left`,
  soldOut: "Sold out",
  empty: "Nothing is on sale yet.",
  emptyForStaff: "Nothing is on sale yet. You may put up products, as you are staff.",
  putSamplesUp: "Put up some samples",
  order: (id) => `Order ${id}`,
  productOf: (id) => `Product ${id}`,
  noOrders: "You have not ordered anything yet.",
  pay: "Pay",
  cancel: "Cancel the order",
  timeLine: "What happened to this payment (console)",
  states: {
    unpaid: "Waiting for payment",
    over: "The time to pay is over",
    held: "The shop is looking into it",
    paid: "Paid",
    refunding: "Money is going back",
    partlyRefunded: "Partly refunded",
    refunded: "Refunded",
    cancelled: "Cancelled",
  },
  hints: {
    over: "If you have paid, it is still being found out. This page shows what comes of it.",
    held: "Money has come that does not match the order. Do not pay again: the shop takes it or gives it back.",
    paid: "To give it back, ask the shop: staff make refunds.",
  },
  troubles: {
    NO_ANSWER: "There is no connection to the shop. Try again: nothing is bought twice.",
    STOCK_INSUFFICIENT: "Somebody was faster: it is sold out.",
    PRICE_MISMATCH: "The price has changed. Look again before you buy.",
    PRODUCT_OFF_SHELF: "This is not on sale any more.",
    PRODUCT_NOT_FOUND: "This is not on sale any more.",
    OPEN_ORDERS_MAX: "You have too many unpaid orders. Pay or cancel some first.",
    ORDERS_BUSY: "Many people are buying. Wait a moment and try again.",
    ORDER_STATE_CONFLICT: "The order has changed meanwhile. Look at its state now.",
    ORDER_ALREADY_PAID: "The order is paid by now.",
    ORDER_CANCELLED: "The order is cancelled by now.",
    PAY_EXISTS: "This order has a payment by now. Look at its state now.",
    WRONG_PASSWORD: "The mobile number or the password is wrong.",
    USER_NOT_FOUND: "The mobile number or the password is wrong.",
    USER_EXISTS: "There is an account with this number. Sign in with it.",
    LOGIN_LIMITED: "Too many attempts. Wait a minute.",
    CLIENT_LIMITED: "Too many attempts from here. Wait a minute.",
    REGISTER_LIMITED: "Too many people sign up from here. Wait a minute.",
    PASSWORDS_BUSY: "The shop is busy. Wait a moment and try again.",
    INVALID_FIELD: "Something in the form is not as it should be.",
  },
  unknown: (reason) => `That did not work (${reason}). Try again: nothing is bought twice.`,
};

const ZH: Texts = {
  title: "商店",
  products: "商品",
  myOrders: "我的订单",
  signOut: "退出登录",
  loading: "加载中…",
  more: "显示更多",
  signIn: {
    signIn: "登录",
    signUp: "注册",
    toSignUp: "还没有账号？注册",
    toSignIn: "已有账号？登录",
    intro: "本店用于试用商城，任意号码均可；全新商城的第一个注册用户即为管理员。",
    ended: "会话已结束，请重新登录。",
    name: "姓名",
    mobile: "手机号",
    mobileHint: "5 至 20 位数字",
    password: "密码",
    passwordHint: "至少 6 个字符",
  },
  buy: (name) => `购买${name}`,
  buyShort: "购买",
  buying: "请稍候…",
  left: (pieces) => `库存 ${pieces} 件`,
  soldOut: "已售罄",
  empty: "暂无在售商品。",
  emptyForStaff: "暂无在售商品。您是员工，可以上架商品。",
  putSamplesUp: "上架几件示例商品",
  order: (id) => `订单 ${id}`,
  productOf: (id) => `商品 ${id}`,
  noOrders: "您还没有订单。",
  pay: "支付",
  cancel: "取消订单",
  timeLine: "查看这笔支付的全部经过（控制台）",
  states: {
    unpaid: "待支付",
    over: "支付时间已结束",
    held: "商家正在核实",
    paid: "已支付",
    refunding: "退款中",
    partlyRefunded: "部分退款",
    refunded: "已退款",
    cancelled: "已取消",
  },
  hints: {
    over: "如您已付款，结果仍在确认中，会显示在本页。",
    held: "收到的款项与订单不一致。请勿重复支付，商家会确认收款或退款。",
    paid: "如需退款请联系商家，由员工办理。",
  },
  troubles: {
    NO_ANSWER: "无法连接商店，请重试，不会重复购买。",
    STOCK_INSUFFICIENT: "慢了一步，已售罄。",
    PRICE_MISMATCH: "价格已变更，请确认后再购买。",
    PRODUCT_OFF_SHELF: "该商品已下架。",
    PRODUCT_NOT_FOUND: "该商品已下架。",
    OPEN_ORDERS_MAX: "未支付订单过多，请先支付或取消。",
    ORDERS_BUSY: "下单人数过多，请稍后重试。",
    ORDER_STATE_CONFLICT: "订单状态已变化，请查看当前状态。",
    ORDER_ALREADY_PAID: "订单已支付。",
    ORDER_CANCELLED: "订单已取消。",
    PAY_EXISTS: "该订单已有支付，请查看当前状态。",
    WRONG_PASSWORD: "手机号或密码错误。",
    USER_NOT_FOUND: "手机号或密码错误。",
    USER_EXISTS: "该手机号已注册，请直接登录。",
    LOGIN_LIMITED: "尝试次数过多，请一分钟后再试。",
    CLIENT_LIMITED: "此处尝试次数过多，请一分钟后再试。",
    REGISTER_LIMITED: "此处注册人数过多，请一分钟后再试。",
    PASSWORDS_BUSY: "商店繁忙，请稍后重试。",
    INVALID_FIELD: "表单填写有误。",
  },
  unknown: (reason) => `未能完成（${reason}）。请重试，不会重复购买。`,
};

/** By BCP 47. */
export const TEXTS: Readonly<Record<"en" | "zh-CN", Texts>> = { en: EN, "zh-CN": ZH };
