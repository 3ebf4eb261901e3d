export { Companions } from "./companions.ts";
export type {
  AnyApiProcess,
  AnyRpcProcess,
  ApiProcess,
  ApiProcessConfig,
  RpcProcess,
  RpcProcessConfig,
  ServedApi,
  Service,
  SharedApiConfig,
  SharedRpcConfig,
} from "./definitions.ts";
export { EndedSessions, type SessionEnds } from "./ended-sessions.ts";
export {
  type Exposure,
  logExposures,
  rpcExposure,
  sandboxExposure,
  secretExposure,
  trialExposure,
} from "./exposures.ts";
export type { Front, FrontPlace, SignedIn } from "./front.ts";
export { createLocalPlacement, type LocalPlacement } from "./local-placement.ts";
export { logNotes } from "./log-notes.ts";
export { missingText } from "./neighbours.ts";
export { apiExposures, rpcExposures } from "./own-exposures.ts";
export { defineParticipant, Participants } from "./participants.ts";
export type { Placement } from "./placement.ts";
export { createProcessLog } from "./process-log.ts";
export { createBreakers, createShedder, isServing } from "./protection.ts";
export { Revocations, type RevokedSource, type RevokedToken } from "./revocations.ts";
export { cachedIfAllowed, rowsToClear, rowsToRead } from "./row-cache.ts";
export { isTried } from "./rpc-listener.ts";
export { RpcTokens } from "./rpc-tokens.ts";
export type { Address, RunningProcess } from "./running-process.ts";
export { serveApi } from "./serve-api.ts";
export { serveRpc } from "./serve-rpc.ts";
export { stopInTime } from "./stop-in-time.ts";
export { wrapUp } from "./wrap-up.ts";
