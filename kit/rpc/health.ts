import type { Server } from "@grpc/grpc-js";

/** What a server answers to grpc.health.v1.Health, for the process as a whole (service ""), as go-zero does. */
export interface Health {
  /** From now on SERVING. */
  serve(): void;
  /** From now on NOT_SERVING. */
  leave(): void;
}

/** Adds the health service to a server that has not started; NOT_SERVING until told otherwise. */
export async function addHealth(server: Server): Promise<Health> {
  // The library reads its contract when it is loaded: only servers that answer health checks do.
  const { HealthImplementation } = await import("grpc-health-check");
  const health = new HealthImplementation({ "": "NOT_SERVING" });
  health.addToServer(server);
  return {
    serve: () => health.setStatus("", "SERVING"),
    leave: () => health.setStatus("", "NOT_SERVING"),
  };
}
