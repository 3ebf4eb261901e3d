import type { Service } from "@mall/kit/process";

/** How the `mall` command finds the order service. */
export const service: Service = {
  name: "order",
  ports: { api: 8002, rpc: 9002 },
  calls: ["user", "product"],
  rpc: async () => (await import("./rpc/main.ts")).orderRpc,
  api: async () => (await import("./api/main.ts")).orderApi,
};
