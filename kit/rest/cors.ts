import { fastifyCors } from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** How long a browser may cache a preflight answer, seconds. */
const REMEMBERED_SECONDS = 600;

/**
 * Lets pages of these origins call from a browser. A token travels in a header that the page itself sets, so nothing that
 * the browser keeps by itself, such as cookies, is asked for.
 *
 * @param origins e.g. `https://shop.example`; none lets no page of another origin read an answer.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.register(fastifyCors, {
    origin: [...origins],
    methods: ["GET", "HEAD", "POST"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key", "traceparent", "tracestate"],
    exposedHeaders: ["retry-after", "traceparent"],
    credentials: false,
    maxAge: REMEMBERED_SECONDS,
  });
}
