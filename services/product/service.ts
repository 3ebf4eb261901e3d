import type { Service } from "@mall/kit/process";

/** What the mall finds of the product service. */
export const service: Service = {
  name: "product",
  ports: { api: 8001, rpc: 9001 },
  calls: [],
  rpc: async () => (await import("./rpc/main.ts")).productRpc,
  api: async () => (await import("./api/main.ts")).productApi,
};
