import type { Service } from "@mall/kit/process";

/** What the mall finds of the user service. */
export const service: Service = {
  name: "user",
  ports: { api: 8000, rpc: 9000 },
  calls: [],
  rpc: async () => (await import("./rpc/main.ts")).userRpc,
  api: async () => (await import("./api/main.ts")).userApi,
};
