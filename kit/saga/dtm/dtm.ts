import type { Call } from "@mall/kit/call";
import type { DtmConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { BranchTarget } from "../branch.ts";
import type { DtmClient, DtmRequest } from "./dtm-service.ts";

/** One branch of a transaction that DTM drives. */
export interface DtmStep<Request = unknown> {
  readonly action: BranchTarget<Request>;
  readonly compensate?: BranchTarget<Request>;
  readonly request: Request;
}

/** A message: what is called once its local part is done, until it answers. */
export interface DtmMessage {
  readonly gid: string;
  readonly steps: readonly DtmStep[];
  /** Tells DTM whether the local part was done; without one there is none. */
  readonly queryPrepared?: BranchTarget<unknown>;
  /** Milliseconds until the steps are called, in whole seconds. */
  readonly delayMs?: number;
}

/** How a saga stands at DTM. */
type DtmSagaState =
  | { readonly state: "succeeded" }
  | { readonly state: "goingOn" }
  /** It will be taken back, or is. */
  | { readonly state: "aborting" | "failed"; readonly reason: string };

/** A DTM server, by its gRPC API. All methods reject where it does not answer. */
export interface Dtm {
  /** Hands a saga over and tries it once; given one that it knows already, DTM continues that one. */
  driveSaga(
    call: Call,
    saga: { readonly gid: string; readonly steps: readonly DtmStep[] },
  ): Promise<DtmSagaState>;
  /** Announces a message whose local part is about to be done. */
  prepare(call: Call, message: DtmMessage): Promise<void>;
  /**
   * The local part is done, or there is none. May be said again. `waits` for a first attempt at the steps, however
   * it ends.
   */
  submit(call: Call, message: DtmMessage, waits: boolean): Promise<void>;
  /** The local part will not be done. */
  abort(call: Call, message: DtmMessage): Promise<void>;
}

/** What DTM appends to a refusal that it passes on. */
const FAILURE = " FAILURE";

/** The DTM server that `client` reaches. */
export function createDtm(client: DtmClient, config: DtmConfig): Dtm {
  const transOptions = {
    waitResult: false,
    timeoutToFail: 0,
    retryInterval: config.RetryInterval / 1000,
    requestTimeout: config.RequestTimeout / 1000,
  };
  const base = { transOptions, customData: "", payloads: [], queryPrepared: "", steps: "" };
  const messageRequest = ({ gid, steps, queryPrepared, delayMs = 0 }: DtmMessage): DtmRequest => ({
    ...base,
    ...encodeSteps(steps),
    gid,
    transType: "msg",
    transOptions: { ...transOptions, timeoutToFail: config.TimeoutToFail / 1000 },
    queryPrepared: queryPrepared?.url ?? "",
    customData: delayMs > 0 ? JSON.stringify({ delay: Math.ceil(delayMs / 1000) }) : "",
  });
  return {
    driveSaga: async (call, { gid, steps }) => {
      const request = { ...base, ...encodeSteps(steps), gid, transType: "saga" };
      try {
        await client.submit(call, { ...request, transOptions: { ...transOptions, waitResult: true } });
        return { state: "succeeded" };
      } catch (error) {
        if (!isAborted(error)) throw error;
      }
      // ABORTED says no more than that it has not succeeded so far: it may be going on. Its state is what counts.
      const { transaction } = await client.prepareWorkflow(call, { ...base, gid, transType: "workflow" });
      return stateOf(transaction.status, transaction.rollbackReason);
    },
    prepare: async (call, message) => {
      await client.prepare(call, messageRequest(message));
    },
    submit: async (call, message, waits) => {
      const request = messageRequest(message);
      const transOptions = { ...request.transOptions, waitResult: waits };
      try {
        await client.submit(call, { ...request, transOptions });
      } catch (error) {
        // It has ended already, or the first attempt has not ended it.
        if (!isAborted(error)) throw error;
      }
    },
    abort: async (call, message) => {
      await client.abort(call, messageRequest(message));
    },
  };
}

function encodeSteps(steps: readonly DtmStep[]): Pick<DtmRequest, "steps" | "payloads"> {
  return {
    steps: JSON.stringify(
      steps.map(({ action, compensate }) => ({
        action: action.url,
        ...(compensate && { compensate: compensate.url }),
      })),
    ),
    payloads: steps.map(({ action, request }) => action.encode(request)),
  };
}

function stateOf(status: string, rollbackReason: string): DtmSagaState {
  if (status === "succeed") return { state: "succeeded" };
  if (status !== "failed" && status !== "aborting") return { state: "goingOn" };
  return { state: status, reason: refusalIn(rollbackReason) };
}

/** The text that the branch itself refused with. */
function refusalIn(rollbackReason: string): string {
  const text = rollbackReason.replace(/^url:\S* return failed: /, "");
  return text.endsWith(FAILURE) ? text.slice(0, -FAILURE.length) : text;
}

function isAborted(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "ABORTED";
}
