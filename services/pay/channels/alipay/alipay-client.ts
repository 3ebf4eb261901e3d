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

/** The one code that says yes; an SDK's `isSuccess` goes by others as well. */
const OK = "10000";

/** Asks Alipay and believes nothing that it did not sign. */
export class AlipayClient {
  readonly #gateway: Pick<Gateway, "exchange">;
  readonly #theirs: Pick<TheirKeys, "areCertified" | "ofAnswer">;

  constructor(gateway: Pick<Gateway, "exchange">, theirs: Pick<TheirKeys, "areCertified" | "ofAnswer">) {
    this.#gateway = gateway;
    this.#theirs = theirs;
  }

  /** Whatever keeps a signed answer from arriving makes the outcome unknown. */
  async ask<Name extends Method>(
    call: Call,
    asked: Asked & { readonly method: Name },
  ): Promise<Answer<AnswerOf<Name>>> {
    try {
      const answer = await this.#verified(call, asked);
      const head = answerHead.parse(answer);
      if (head.code !== OK) return refusalOf(head);
      // TypeScript does not follow that the schema of a method reads the answer to that method.
      return { kind: "yes", value: ANSWERS[asked.method].parse(answer) as AnswerOf<Name> };
    } catch (cause) {
      return { kind: "unknown", cause };
    }
  }

  async #verified(call: Call, asked: Asked): Promise<unknown> {
    const { node, signature, certificateNumber } = await this.#gateway.exchange(call, asked);
    // What is said twice, one reads as this and another as that.
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

/** For whoever looks for why: a wrong key or app is refused without a signature. */
function codesOf(answer: unknown): string {
  const { data } = answerHead.safeParse(answer);
  return data === undefined ? "nothing" : `${data.code.slice(0, 16)} ${reasonOf(data.sub_code ?? "", "")}`;
}
