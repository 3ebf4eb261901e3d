import type { ProtoMethod } from "./contract.ts";

/** Whether a method takes a stream of its requests. */
export function takesStream({ stream }: ProtoMethod): boolean {
  return stream === "client" || stream === "both";
}

/** Whether a method answers with a stream. */
export function givesStream({ stream }: ProtoMethod): boolean {
  return stream === "server" || stream === "both";
}

/** The parameter of a method after its call, e.g. `request: CreateRequest`. */
export function requestText(method: ProtoMethod): string {
  return takesStream(method) ? `requests: AsyncIterable<${method.request}>` : `request: ${method.request}`;
}

/** What a method gives its caller. */
export function answerText(method: ProtoMethod): string {
  return givesStream(method) ? `AsyncIterable<${method.response}>` : `Promise<${method.response}>`;
}
