import type { ShopSession } from "./server/clients.ts";
import type { Texts } from "./texts.ts";

/** Who is here, and how to speak to them. */
export interface Visit {
  readonly session: ShopSession;
  readonly isStaff: boolean;
  readonly language: "en" | "zh-CN";
  readonly texts: Texts;
  /** The server knows the session no more. */
  signedOut(): void;
}
