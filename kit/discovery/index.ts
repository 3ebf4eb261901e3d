export type { EtcdServers } from "./etcd-options.ts";
export { type FindOptions, findEndpoints } from "./find-endpoints.ts";
export { leadsTo } from "./leads-to.ts";
export { type EtcdAnswer, probeEtcd } from "./probe-etcd.ts";
export { publishedAddress } from "./published-address.ts";
export { type RegisterOptions, type Registration, registerInstance } from "./register-instance.ts";
export { parseTarget, type Target } from "./target.ts";
