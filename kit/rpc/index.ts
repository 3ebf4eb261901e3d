export { formatAddress, parseAddress } from "./address.ts";
export type { PeerAnswer } from "./ask-method.ts";
export type { RpcAuth, RpcCredentials } from "./auth.ts";
export { branchAnswer } from "./branch-answer.ts";
export {
  connectRpcClient,
  createWireClient,
  type RpcClientOptions,
  type RpcConnection,
  type Wire,
} from "./client.ts";
export { defineMessage } from "./define-message.ts";
export { EndpointList, type EndpointSource, staticEndpoints } from "./endpoint-source.ts";
export { bindLocalClient, type LocalClientOptions } from "./local.ts";
export type { FieldDefinition, MessageType, ScalarType } from "./message.ts";
export { pageLimit } from "./page-limit.ts";
export { isPeersTwin, PEER_REFUSED } from "./peer-status.ts";
export { unavailable } from "./public-error.ts";
export { createRpcServer, type RpcServer, type RpcServerOptions } from "./server.ts";
export { type MethodDefinition, type Methods, methodsOf, type ServiceDefinition } from "./service.ts";
export { fromServiceError, type GrpcStatus, toGrpcStatus } from "./status.ts";
export type { ClientTls, ServerTls } from "./tls.ts";
export type { IncomingCall, WireMethod } from "./wire-method.ts";
export type { WireRequest } from "./wire-request.ts";
export { wireService } from "./wire-service.ts";
