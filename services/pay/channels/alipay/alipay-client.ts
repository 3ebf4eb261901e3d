import type { Call } from "@mall/kit/call";
import type { Answer } from "../channel.ts";
import { badAnswer } from "./bad-answer.ts";
import type { Gateway } from "./gateway.ts";
import { rawMembers } from "./raw-members.ts";
import { reasonOf, refusalOf } from "./refusal.ts";
import { isSignedBy } from "./signature.ts";
import type { Asked } from "./signed-request.ts";
import type { TheirKeys } from "./their-keys.ts";
import { ANSWERS, type AnswerOf, answerHead, type Method } from "./wire.ts";

/** The only code of success. (The `isSuccess` of some SDKs accepts others as well.) */
const OK = "10000";

/** Sends requests to Alipay and trusts only answers that it has signed. */
export class AlipayClient {
  readonly #gateway: Pick<Gateway, "exchange">;
  readonly #theirs: Pick<TheirKeys, "areCertified" | "ofAnswer">;

  constructor(gateway: Pick<Gateway, "exchange">, theirs: Pick<TheirKeys, "areCertified" | "ofAnswer">) {
    this.#gateway = gateway;
    this.#theirs = theirs;
  }

  /** Without a signed answer, whatever the cause, the outcome is unknown. */
  async ask<Name extends Method>(
    call: Call,
    asked: Asked & { readonly method: Name },
  ): Promise<Answer<AnswerOf<Name>>> {
    try {
      const answer = await this.#verified(call, asked);
      const head = answerHead.parse(answer);
      if (head.code !== OK) return refusalOf(head);
      // TypeScript cannot infer that a method's schema parses the answer to that method.
      return { kind: "yes", value: ANSWERS[asked.method].parse(answer) as AnswerOf<Name> };
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  async #verified(call: Call, asked: Asked): Promise<unknown> {
    const { node, signature, certificateNumber } = await this.#gateway.exchange(call, asked);
    // Parsers disagree about which of two equal keys counts.
    rawMembers(node);
    const answer: unknown = JSON.parse(node);
    if (signature === undefined) throw badAnswer(`it is not signed, and says ${codesOf(answer)}`);
    if (this.#theirs.areCertified && certificateNumber === undefined && isYes(answer))
      throw badAnswer("it does not name the certificate that it is signed with");
    const keys = await this.#theirs.ofAnswer(call, certificateNumber);
    const texts = node.includes("\\/") ? [node, node.replaceAll("\\/", "/")] : [node];
    if (texts.some((text) => isSignedBy(keys, text, signature))) return answer;
    throw badAnswer(`its signature is not Alipay's; it says ${codesOf(answer)}`);
  }
}

function isYes(answer: unknown): boolean {
  return answerHead.safeParse(answer).data?.code === OK;
}

/** The cause for the log: a wrong key or app is refused without a signature. */
function codesOf(answer: unknown): string {
  const { data } = answerHead.safeParse(answer);
  return data === undefined ? "nothing" : `${data.code.slice(0, 16)} ${reasonOf(data.sub_code ?? "", "")}`;
}
