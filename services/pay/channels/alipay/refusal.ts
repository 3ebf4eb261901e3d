import type { Answer } from "../channel.ts";
import { badAnswer } from "./bad-answer.ts";

/** What an answer says of itself; all texts. */
interface Head {
  readonly code: string;
  readonly msg?: string | undefined;
  readonly sub_code?: string | undefined;
  readonly sub_msg?: string | undefined;
}

/** Nothing was done: a parameter is missing (40001) or wrong (40002, 40003), the trade forbids it, or nobody may (40006). */
const REFUSED = new Set(["40001", "40002", "40003", "40004", "40006"]);
/** Its own trouble, in spite of the code: what was asked for may have been done. */
const TROUBLE = /^(SYSTEM_ERROR$|ISP_|AOP_)/;
const REASON_LENGTH_MAX = 64;

/** The trade, or the refund's trade, is none that Alipay has heard of. */
export const TRADE_NOT_EXIST = "TRADE_NOT_EXIST";

/**
 * What an answer that is signed and says anything else than 10000 comes to. Whatever may be otherwise when it is asked
 * again (20000: not available, 40005: too often) is unknown. Codes are known from documents only.
 */
export function refusalOf({ code, msg = "", sub_code = "", sub_msg = "" }: Head): Answer<never> {
  const reason = reasonOf(sub_code, code);
  if (REFUSED.has(code) && !TROUBLE.test(reason)) return { kind: "no", reason, message: sub_msg || msg };
  return { kind: "unknown", cause: badAnswer(`it says ${code} ${reason}`) };
}

/** `ACQ.TRADE_NOT_EXIST` and `isv.invalid-signature` as UPPER_SNAKE, without the part of Alipay's that says it. */
export function reasonOf(subCode: string, code: string): string {
  const text = (subCode || `CODE_${code}`).slice(0, REASON_LENGTH_MAX);
  return text
    .replace(/^ACQ\./, "")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]/g, "_");
}
