import type { Call } from "@mall/kit/call";
import { defineMessage, type ServiceDefinition } from "@mall/kit/rpc";

/**
 * The part of DTM's gRPC API that is used here; fields that stay at their zero value are left out, which is the same
 * on the wire (dtm client/dtmgrpc/dtmgpb/dtmgimp.proto).
 */
export interface DtmClient {
  /** A new id for a transaction, of which the server remembers nothing. */
  newGid(call: Call, request: DtmNothing): Promise<DtmGid>;
  submit(call: Call, request: DtmRequest): Promise<DtmNothing>;
  prepare(call: Call, request: DtmRequest): Promise<DtmNothing>;
  abort(call: Call, request: DtmRequest): Promise<DtmNothing>;
  /** Of a transaction that exists, whatever its type, this tells how it stands and changes nothing. */
  prepareWorkflow(call: Call, request: DtmRequest): Promise<DtmProgresses>;
}

/** How a transaction is to be driven. */
interface DtmTransOptions {
  /** Answers only after a first attempt at the whole transaction. */
  waitResult: boolean;
  /** Seconds until a message that was only prepared is asked about; 0 for the server's. */
  timeoutToFail: number;
  /** Seconds until what did not answer is called again, doubled each time; 0 for the server's. */
  retryInterval: number;
  /** Seconds that a branch may take; 0 for the server's. */
  requestTimeout: number;
}

const DtmTransOptions = defineMessage<DtmTransOptions>("DtmTransOptions", [
  { number: 1, property: "waitResult", type: "bool" },
  { number: 2, property: "timeoutToFail", type: "int64" },
  { number: 3, property: "retryInterval", type: "int64" },
  { number: 6, property: "requestTimeout", type: "int64" },
]);

/** A transaction. */
export interface DtmRequest {
  gid: string;
  /** `saga`, `msg`, `workflow`, … */
  transType: string;
  transOptions: DtmTransOptions;
  /** JSON; of a message: `{"delay":seconds}`. */
  customData: string;
  /** The request of each step, as its service reads it. */
  payloads: Uint8Array[];
  /** URL to ask whether the local part of a message was done. */
  queryPrepared: string;
  /** JSON: the URLs of each step. */
  steps: string;
}

const DtmRequest = defineMessage<DtmRequest>("DtmRequest", [
  { number: 1, property: "gid", type: "string" },
  { number: 2, property: "transType", type: "string" },
  { number: 3, property: "transOptions", type: () => DtmTransOptions },
  { number: 4, property: "customData", type: "string" },
  { number: 5, property: "payloads", type: "bytes", label: "repeated" },
  { number: 6, property: "queryPrepared", type: "string" },
  { number: 7, property: "steps", type: "string" },
]);

type DtmNothing = Record<string, never>;

const DtmNothing = defineMessage<DtmNothing>("Empty", []);

interface DtmGid {
  gid: string;
}

const DtmGid = defineMessage<DtmGid>("DtmGidReply", [{ number: 1, property: "gid", type: "string" }]);

/** How a transaction stands. */
interface DtmTransaction {
  gid: string;
  /** `prepared`, `submitted`, `aborting`, `succeed` or `failed`. */
  status: string;
  /** Why it is or was taken back. */
  rollbackReason: string;
}

const DtmTransaction = defineMessage<DtmTransaction>("DtmTransaction", [
  { number: 1, property: "gid", type: "string" },
  { number: 2, property: "status", type: "string" },
  { number: 3, property: "rollbackReason", type: "string" },
]);

interface DtmProgresses {
  transaction: DtmTransaction;
}

const DtmProgresses = defineMessage<DtmProgresses>("DtmProgressesReply", [
  { number: 1, property: "transaction", type: () => DtmTransaction },
]);

/** DTM's gRPC service. */
export const DtmService: ServiceDefinition<DtmClient> = {
  names: ["dtmgimp.Dtm"],
  methods: {
    newGid: { name: "NewGid", request: DtmNothing, response: DtmGid },
    submit: { name: "Submit", request: DtmRequest, response: DtmNothing },
    prepare: { name: "Prepare", request: DtmRequest, response: DtmNothing },
    abort: { name: "Abort", request: DtmRequest, response: DtmNothing },
    prepareWorkflow: { name: "PrepareWorkflow", request: DtmRequest, response: DtmProgresses },
  },
};
