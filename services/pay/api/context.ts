import type { Placement } from "@mall/kit/process";
import { createLinkTokens, type LinkTokens } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { type PayClient, PayService } from "@mall/pay/rpc";
import { PayWatches } from "./cashier/pay-watches.ts";
import type { PayApiConfig } from "./config.ts";
import type { CashierTheme } from "./gen/types.ts";

/** What the pay api's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly payRpc: PayClient;
  /** To the cashier. */
  readonly links: LinkTokens;
  /** How long one is taken, milliseconds. */
  readonly linkMs: number;
  readonly theme: CashierTheme;
  /** Of a simulator's pages; empty in earnest. */
  readonly trialUrl: string;
  readonly watches: PayWatches;
  /** Address that buyers reach the cashier's server at; undefined where nobody serves it. */
  publicUrl(): string | undefined;
}

export function createContext(config: PayApiConfig, placement: Placement): ServiceContext {
  const { runtime } = placement;
  const { PublicUrl, LinkExpire, Name, Logo, Color, TrialUrl } = config.Cashier;
  const payRpc = placement.client(PayService, config.PayRpc, "PayRpc");
  return {
    runtime,
    payRpc,
    links: createLinkTokens({ secret: config.Auth.AccessSecret, purpose: "cashier", runtime }),
    linkMs: LinkExpire,
    theme: { name: Name, logo: Logo, color: Color },
    trialUrl: TrialUrl,
    watches: new PayWatches({ runtime, payRpc }),
    publicUrl: () => PublicUrl || placement.pagesUrl(),
  };
}
