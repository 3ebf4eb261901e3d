import type { Service } from "@mall/kit/process";

/** What the mall finds of the pay service. */
export const service: Service = {
  name: "pay",
  ports: { api: 8003, rpc: 9003 },
  calls: ["user", "order"],
  rpc: async () => (await import("./rpc/main.ts")).payRpc,
  api: async () => (await import("./api/main.ts")).payApi,
};
