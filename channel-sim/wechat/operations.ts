import { pathOf, queryOf, type SimRequest } from "../core/sim-http.ts";
import type { WechatAccount } from "./account.ts";
import { readBody, wechatRequests } from "./requests.ts";
import { type Said, wechatErrors } from "./said.ts";
import type { Product } from "./trade.ts";
import type { WechatDesk } from "./wechat-desk.ts";

/** What a request wants, and of which order as far as its path or body says. */
export interface Operation {
  readonly name:
    | "prepay"
    | "query"
    | "close"
    | "refund"
    | "query-refund"
    | "certificates"
    | "bill"
    | "bill-file";
  readonly outTradeNo: string;
  carryOut(desk: WechatDesk, account: WechatAccount, request: SimRequest): Promise<Said>;
}

type Build = (request: SimRequest, part: string) => Operation;

const ROUTES: readonly (readonly [method: string, path: RegExp, build: Build])[] = [
  ["POST", /^\/v3\/pay\/transactions\/(native|jsapi|app|h5)$/, prepay],
  ["GET", /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/, queryByNumber],
  ["GET", /^\/v3\/pay\/transactions\/id\/([^/]+)$/, queryById],
  ["POST", /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/, close],
  ["POST", /^\/v3\/refund\/domestic\/refunds$/, refund],
  ["GET", /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/, queryRefund],
  ["GET", /^\/v3\/certificates$/, certificates],
  ["GET", /^\/v3\/bill\/tradebill$/, askBill],
  ["GET", /^\/v3\/bill\/fundflowbill$/, askFundBill],
  ["GET", /^\/v3\/billdownload\/file$/, downloadBill],
];

/** What a request is; undefined where nothing is at its path. */
export function operationOf(request: SimRequest): Operation | undefined {
  const path = pathOf(request);
  for (const [method, pattern, build] of ROUTES) {
    const found = method === request.method ? pattern.exec(path) : null;
    if (found !== null) return build(request, decoded(found[1] ?? ""));
  }
  return undefined;
}

/** A number holds nothing that is encoded in a path but `|`, `*` and `@`; what cannot be decoded is none. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

function prepay(request: SimRequest, part: string): Operation {
  const product = part as Product;
  return {
    name: "prepay",
    outTradeNo: numberIn(request),
    carryOut: (desk, account) => desk.open(account, product, readBody(request, wechatRequests[product])),
  };
}

function queryByNumber(request: SimRequest, outTradeNo: string): Operation {
  return {
    name: "query",
    outTradeNo,
    carryOut: async (desk, account) => {
      demandMerchant(account, queryOf(request).get("mchid"));
      return desk.query(account, await desk.find(outTradeNo));
    },
  };
}

function queryById(request: SimRequest, transactionId: string): Operation {
  return {
    name: "query",
    outTradeNo: "",
    carryOut: async (desk, account) => {
      demandMerchant(account, queryOf(request).get("mchid"));
      return desk.query(account, await desk.findByTransaction(transactionId));
    },
  };
}

function close(request: SimRequest, outTradeNo: string): Operation {
  return {
    name: "close",
    outTradeNo,
    carryOut: (desk, account) => {
      demandMerchant(account, readBody(request, wechatRequests.close).mchid);
      return desk.close(account, outTradeNo);
    },
  };
}

function refund(request: SimRequest): Operation {
  return {
    name: "refund",
    outTradeNo: numberIn(request),
    carryOut: (desk, account) => desk.refund(account, readBody(request, wechatRequests.refund)),
  };
}

function queryRefund(_request: SimRequest, outRefundNo: string): Operation {
  return {
    name: "query-refund",
    outTradeNo: "",
    carryOut: (desk, account) => desk.queryRefund(account, outRefundNo),
  };
}

function certificates(): Operation {
  return {
    name: "certificates",
    outTradeNo: "",
    carryOut: async (desk, account) => desk.certificates(account),
  };
}

function askBill(): Operation {
  return {
    name: "bill",
    outTradeNo: "",
    carryOut: (desk, account, request) => desk.bills.ask(account, request),
  };
}

function askFundBill(): Operation {
  return {
    name: "bill",
    outTradeNo: "",
    carryOut: (desk, account, request) => desk.bills.askFunds(account, request),
  };
}

function downloadBill(): Operation {
  return {
    name: "bill-file",
    outTradeNo: "",
    carryOut: async (desk, account, request) => desk.bills.download(account, request),
  };
}

function demandMerchant({ mchid }: WechatAccount, said: string | null): void {
  if (said !== mchid) throw wechatErrors.parameter("mchid 与签名的商户号不一致");
}

/** The order's number for faults, before the body is judged. */
function numberIn({ body }: SimRequest): string {
  const found = /"out_trade_no"\s*:\s*"([^"]*)"/.exec(Buffer.from(body).toString("utf8"));
  return found?.[1] ?? "";
}
