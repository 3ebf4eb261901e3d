import { badAnswer } from "./bad-answer.ts";
import { rawMembers } from "./raw-members.ts";

/** An answer, split into the signed text and who signed it. */
interface CutAnswer {
  /** The JSON object of the method's answer, as text, braces included: this is what is signed. */
  readonly node: string;
  readonly signature: string | undefined;
  /** The number of the certificate it was signed with; certificate mode only. */
  readonly certificateNumber: string | undefined;
}

const ERROR_NODE = "error_response";

/**
 * Splits the answer to a method. The signature may come before or after the object, as Alipay's own SDKs accept.
 *
 * @throws AppError UNKNOWN BAD_ANSWER; another error if the bytes are not UTF-8 or not a JSON object.
 */
export function cutAnswer(body: Uint8Array, method: string): CutAnswer {
  // Strict decoding keeps the text identical to the signed bytes.
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  const members = rawMembers(text);
  const nodes = [`${method.replaceAll(".", "_")}_response`, ERROR_NODE].filter((name) => members.has(name));
  const [name = ""] = nodes;
  const node = members.get(name);
  if (node === undefined || nodes.length > 1) throw badAnswer("it holds no answer to what was asked");
  return {
    node,
    signature: textOf(members.get("sign")),
    certificateNumber: textOf(members.get("alipay_cert_sn")),
  };
}

function textOf(raw: string | undefined): string | undefined {
  const value: unknown = raw === undefined ? undefined : JSON.parse(raw);
  return typeof value === "string" ? value : undefined;
}
