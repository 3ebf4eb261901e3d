import type { DtmConfig } from "@mall/kit/config";
import { publishedAddress } from "@mall/kit/discovery";
import type { AllInOneConfig } from "./config.ts";

/**
 * What the services of this process are told of a DTM server: its block as the file has it, and where it finds
 * those of their neighbours that it calls, which over here is no more than a function call.
 */
export function dtmValues({ Dtm, Host, Product }: AllInOneConfig): object {
  if (Dtm === undefined) return {};
  const ProductRpc = { Endpoints: [publishedAddress(`${Host}:${Product.Rpc}`)] };
  return { Dtm: written(Dtm), ProductRpc };
}

/** Durations are milliseconds once read, and texts before. */
function written(block: DtmConfig): object {
  const { KeepaliveTime, RetryInterval, RequestTimeout, TimeoutToFail } = block;
  return {
    ...block,
    RetryInterval: `${RetryInterval}ms`,
    RequestTimeout: `${RequestTimeout}ms`,
    TimeoutToFail: `${TimeoutToFail}ms`,
    KeepaliveTime: KeepaliveTime && `${KeepaliveTime}ms`,
  };
}
