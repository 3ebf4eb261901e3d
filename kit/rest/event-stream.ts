import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/**
 * Answers with server-sent events, one for each value, as go-zero writes them: `data: <JSON>` and a blank line. An error
 * in between ends the connection, as its status is long sent. Events end with their call, which is over when the
 * client is gone or the server leaves.
 */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<unknown>): FastifyReply {
  return reply
    .header("content-type", "text/event-stream")
    .header("cache-control", "no-cache")
    .serializer((payload: unknown) => payload as string)
    .send(Readable.from(eventLines(events)));
}

async function* eventLines(events: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const event of events) yield `data: ${JSON.stringify(event)}\n\n`;
}
