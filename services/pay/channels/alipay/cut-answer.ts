import { badAnswer } from "./bad-answer.ts";
import { rawMembers } from "./raw-members.ts";

/** An answer, cut into what is signed and what says by whom. */
interface CutAnswer {
  /** The text between the braces of the method's answer, with them: what the signature is of. */
  readonly node: string;
  readonly signature: string | undefined;
  /** Number of the certificate that it was signed with; certificate mode only. */
  readonly certificateNumber: string | undefined;
}

const ERROR_NODE = "error_response";

/**
 * Cuts the answer to a method. The signature may stand before or behind it, as it does in what Alipay's own SDKs take.
 *
 * @throws AppError UNKNOWN BAD_ANSWER, or an error of what the bytes are not: UTF-8, or a JSON object.
 */
export function cutAnswer(body: Uint8Array, method: string): CutAnswer {
  // Strict, so that the text is the bytes: what is signed was not changed by reading it.
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
