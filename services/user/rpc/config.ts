import { rpcProcessConfig, secret } from "@mall/kit/config";
import { z } from "zod";

/** What the user rpc has of its own. */
export const userRpcBlock = z.object({
  /** The seed's salt, one for all users: its hashes are still accepted. */
  Salt: secret(z.string().default("")),
  /**
   * `per-user`: every new hash has a salt of its own, and a seed hash is replaced at login, after which a Go process
   * refuses that user. `seed`: all hashes are as the Go original writes and reads them, also those that were not.
   * Absent: without `Salt` per user; with it a Go process may share the table, so new hashes are the seed's, and none
   * is replaced.
   */
  PasswordScheme: z.enum(["per-user", "seed"]).optional(),
});

export const userRpcConfig = rpcProcessConfig.extend(userRpcBlock.shape);

export type UserRpcConfig = z.output<typeof userRpcConfig>;
