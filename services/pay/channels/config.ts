import { z } from "zod";
import { sandboxConfig } from "./sandbox/config.ts";

/** The channels that buyers can pay on, each where its block is there. */
export const channelsConfig = z.object({
  /** Moves no money. */
  Sandbox: sandboxConfig.optional(),
});

export type ChannelsConfig = z.output<typeof channelsConfig>;
