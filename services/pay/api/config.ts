import { apiProcessConfig, duration, rpcClientConfig } from "@mall/kit/config";
import { z } from "zod";

const webUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine((text) => !text.endsWith("/"), "must not end with a slash");

/** Nothing that a page may not load: its policy lets in what its own server has, and pictures within the page. */
const logo = z
  .string()
  .regex(
    /^(|\/[^/].*|data:image\/.*)$/s,
    "must be a path of the gateway (/logo.svg) or a data:image/ address",
  );

/** The page on which buyers pay. Not in go-zero-mall. */
const cashierConfig = z.object({
  /** Address of the gateway that serves it, as buyers reach it; empty: of this process, where it serves pages. */
  PublicUrl: z.union([z.literal(""), webUrl]).default(""),
  /** Whether the pay api serves the page itself; `mall up` does at its gateway, whatever this says. */
  Page: z.boolean().default(false),
  /** How long a link to it is taken, milliseconds. */
  LinkExpire: duration("1h").refine((ms) => ms >= 60_000 && ms <= 86_400_000, "must be 1m to 24h"),
  /** Of the shop, at the top of the page. */
  Name: z.string().max(60).default(""),
  Logo: logo.default(""),
  /** Of buttons: `#rrggbb`; empty: the page's own. */
  Color: z
    .string()
    .regex(/^(|#[0-9A-Fa-f]{6})$/, "must be a colour as #rrggbb")
    .default(""),
  /** Of the simulator that plays the real channels, where it does: the page links to where the buyer pays there. */
  TrialUrl: z.union([z.literal(""), webUrl]).default(""),
});

/** What the pay api has of its own. */
export const payApiBlock = z.object({ Cashier: cashierConfig.prefault({}) });

export const payApiConfig = apiProcessConfig.safeExtend({
  PayRpc: rpcClientConfig,
  ...payApiBlock.shape,
});

export type PayApiConfig = z.output<typeof payApiConfig>;
