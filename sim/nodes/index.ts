export type { ApiPeer, ServingApi } from "./api-node.ts";
export { BANK, payConfig } from "./configs.ts";
export { START_MS } from "./epoch.ts";
export { createMall, type Mall, type Topology } from "./mall.ts";
export { createSimFiles, type MallFiles, resetMallFiles, type SimFiles } from "./mall-files.ts";
