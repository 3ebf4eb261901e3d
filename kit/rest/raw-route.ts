import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RawAnswer, RawRequest } from "./route.ts";

/** A request as a raw route takes it. */
export function rawRequestOf({ headers, params, body }: FastifyRequest): RawRequest {
  return {
    headers: flatHeaders(headers),
    params: params as Record<string, string>,
    body: body instanceof Uint8Array ? body : new Uint8Array(),
  };
}

/** Headers with one text each. */
export function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

/** Answers with what the logic of a raw route gave. */
export function sendRaw(reply: FastifyReply, answer: RawAnswer): FastifyReply {
  const { status, contentType, headers = {}, body } = answer;
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return reply.code(status).headers(headers).header("content-type", contentType).send(bytes);
}
