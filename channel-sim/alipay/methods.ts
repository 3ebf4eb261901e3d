import { z } from "zod";
import type { AlipayAccount } from "./account.ts";
import type { AlipayDesk } from "./alipay-desk.ts";
import type { Params } from "./params.ts";
import { readContent } from "./requests.ts";
import { alipayErrors } from "./said.ts";
import type { Product } from "./trade.ts";

/** Products that a browser or a phone's wallet opens by itself, by method. */
export const PAGES: ReadonlyMap<string, Product> = new Map([
  ["alipay.trade.page.pay", "page"],
  ["alipay.trade.wap.pay", "wap"],
  ["alipay.trade.app.pay", "app"],
]);

interface Method {
  /** In the simulator's words. */
  readonly operation: string;
  carryOut(
    desk: AlipayDesk,
    params: Params,
    account: AlipayAccount,
    /** Address that the app asked at. */
    origin: string,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** What an app asks the gateway, by method. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["alipay.trade.precreate", { operation: "prepay", carryOut: (desk, params) => desk.precreate(params) }],
  ["alipay.trade.query", { operation: "query", carryOut: (desk, params) => desk.query(params) }],
  ["alipay.trade.close", { operation: "close", carryOut: (desk, params) => desk.close(params) }],
  ["alipay.trade.refund", { operation: "refund", carryOut: (desk, params) => desk.refund(params) }],
  [
    "alipay.trade.fastpay.refund.query",
    { operation: "query-refund", carryOut: (desk, params) => desk.queryRefund(params) },
  ],
  [
    "alipay.data.dataservice.bill.downloadurl.query",
    {
      operation: "bill",
      carryOut: (desk, params, account, origin) => desk.bills.ask(params, account, origin),
    },
  ],
  [
    "alipay.open.app.alipaycert.download",
    { operation: "certificates", carryOut: async (_desk, params, account) => certificate(params, account) },
  ],
]);

const download = z.object({ alipay_cert_sn: z.string() });

/** The certificate that answers name, for SDKs that do not hold it. */
function certificate(params: Params, { certificates }: AlipayAccount) {
  const { alipay_cert_sn } = readContent(params, download);
  if (certificates?.alipaySn !== alipay_cert_sn) throw alipayErrors.parameter("alipay_cert_sn");
  return { alipay_cert_content: Buffer.from(certificates.alipayCertificate).toString("base64") };
}
