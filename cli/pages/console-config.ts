import { duration } from "@mall/kit/config";
import { z } from "zod";

/** Stands for the id of a trace in the address of where it is looked at. */
const TRACE_ID = "{traceId}";

const traceUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine((text) => text.includes(TRACE_ID), `must hold ${TRACE_ID}`);

/** What staff work with in a browser; how long a session lasts holds for the shop too. */
export const consoleConfig = z.object({
  /** A session that nobody makes use of ends after that. */
  IdleTime: duration("30m").refine((ms) => ms >= 60_000 && ms <= 86_400_000, "must be 1m to 24h"),
  /** Where a trace is looked at, e.g. in Jaeger, with `{traceId}` in its place; empty: nowhere. */
  TraceUrl: z.union([z.literal(""), traceUrl]).default(""),
});

export type ConsoleConfig = z.output<typeof consoleConfig>;

/** A shop to try the mall with, in a browser: `/shop`. */
export const shopConfig = z.object({
  /** Outside `pro` by default, and only where pages are served. */
  Enabled: z.boolean().optional(),
});
