export { Network } from "./network.ts";
export { type Peer, RpcWire, type ServingEpoch } from "./rpc-wire.ts";
