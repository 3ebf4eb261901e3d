import { z } from "zod";
import { duration } from "../key.ts";
import { rpcClientConfig } from "./rpc.ts";

/** Whole seconds are all that DTM's API can say. */
const seconds = duration("0s").refine((ms) => ms % 1000 === 0, "must be whole seconds");

/** Where a DTM server is, and how it is to drive transactions. Not in go-zero. */
export const dtmConfig = rpcClientConfig.extend({
  /**
   * Where DTM reaches this process: `host:port`, or a target as in `Target`. Empty: as other services find it, by
   * its `Etcd` block, else by `ListenOn`.
   */
  Self: z.string().default(""),
  /** Until a branch that did not answer is called again, doubled each time; 0: the server's, which is 10 s. */
  RetryInterval: seconds,
  /** How long a branch may take; 0: the server's, which is 3 s. */
  RequestTimeout: seconds,
  /** Until DTM asks about a message that was only prepared; 0: the server's, which is 35 s. */
  TimeoutToFail: seconds,
});

export type DtmConfig = z.output<typeof dtmConfig>;
