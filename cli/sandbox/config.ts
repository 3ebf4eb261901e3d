import { listenHost, secret, serviceConfig } from "@mall/kit/config";
import { z } from "zod";

/** Configuration of a sandbox bank in a process of its own; only the secret has no default. */
export const sandboxBankConfig = serviceConfig.extend({
  Name: z.string().min(1).default("sandbox"),
  /** Address to listen on. */
  Host: listenHost("127.0.0.1"),
  Port: z.int().min(0).max(65535).default(8890),
  /** Folder of `sandbox.db`; made if missing. */
  DataDir: z.string().min(1).default("./data"),
  /** Who the bank knows, and the secret that signs both ways: those of the pay rpc's `Channels.Sandbox`. */
  AppId: z.string().min(1).default("mall"),
  Secret: secret(z.string().min(16, "must be at least 16 characters")),
  /** Address that buyers reach the bank at; empty: where it listens. */
  PublicUrl: z.string().default(""),
});
