import type { Answer } from "../channel.ts";
import { badAnswer } from "./bad-answer.ts";

/** What an answer says about itself, all texts. */
interface Head {
  readonly code: string;
  readonly msg?: string | undefined;
  readonly sub_code?: string | undefined;
  readonly sub_msg?: string | undefined;
}

/**
 * Nothing was done: a parameter is missing (40001) or wrong (40002, 40003), the trade does not allow it, or the app has
 * no permission (40006).
 */
const REFUSED = new Set(["40001", "40002", "40003", "40004", "40006"]);
/** Alipay has no bill of the day; a word of trouble that is none. */
export const BILL_NOT_EXIST = "ISP_BILL_NOT_EXIST";
/** Errors inside Alipay, despite their code: the request may have taken effect. */
const TROUBLE = new RegExp(`^(?!${BILL_NOT_EXIST}$)(SYSTEM_ERROR$|ISP_|AOP_)`);
const REASON_LENGTH_MAX = 64;

/** Alipay has never heard of the trade, or of the refund's trade. */
export const TRADE_NOT_EXIST = "TRADE_NOT_EXIST";

/**
 * The meaning of a signed answer with another code than 10000. Whatever may change on a retry (20000: unavailable,
 * 40005: too frequent) is unknown. The codes are known from documents only.
 */
export function refusalOf({ code, msg = "", sub_code = "", sub_msg = "" }: Head): Answer<never> {
  const reason = reasonOf(sub_code, code);
  if (REFUSED.has(code) && !TROUBLE.test(reason)) return { kind: "no", reason, message: sub_msg || msg };
  return { kind: "unknown", cause: badAnswer(`it says ${code} ${reason}`) };
}

/** `ACQ.TRADE_NOT_EXIST` or `isv.invalid-signature` as UPPER_SNAKE, without its prefix. */
export function reasonOf(subCode: string, code: string): string {
  const text = (subCode || `CODE_${code}`).slice(0, REASON_LENGTH_MAX);
  return text
    .replace(/^ACQ\./, "")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]/g, "_");
}
