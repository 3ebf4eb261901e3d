import { secret } from "@mall/kit/config";
import { z } from "zod";

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });

/** The address of the sandbox bank, and the merchant as it knows it. */
export const sandboxConfig = z.object({
  /** The bank's base URL, without a trailing slash: `http://127.0.0.1:8890/sandbox`. */
  Gateway: url.refine((address) => !address.endsWith("/"), "must not end with a slash"),
  AppId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -")
    .default("mall"),
  /** Shared with the bank; both sides sign with it. */
  Secret: secret(z.string().min(16, "must be at least 16 characters")),
  /** The address for notifications: `http://127.0.0.1:8003/api/pay/notify/sandbox`. */
  NotifyUrl: url,
});

export type SandboxConfig = z.output<typeof sandboxConfig>;
