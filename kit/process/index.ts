export type { ApiProcess, ApiProcessConfig, RpcProcess, RpcProcessConfig } from "./definitions.ts";
export { createLocalPlacement, type LocalPlacement } from "./local-placement.ts";
export { logNotes } from "./log-notes.ts";
export type { Placement } from "./placement.ts";
export { createProcessLog } from "./process-log.ts";
export { RpcTokens } from "./rpc-tokens.ts";
export { type Address, DRAIN_MS, type RunningProcess } from "./running-process.ts";
export { serveApi } from "./serve-api.ts";
export { serveRpc } from "./serve-rpc.ts";
