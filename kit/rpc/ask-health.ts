import { type Client, type Metadata, status } from "@grpc/grpc-js";
import type { Runtime } from "@mall/kit/runtime";

/** The whole of a grpc.health.v1.HealthCheckResponse that says SERVING. */
const SERVING = "0801";
const ANSWER_MS_MAX = 800;

/** What a peer says of its health. */
type Health = "works" | "does not work" | "silent";

/**
 * Asks a peer for the health of its process. One that has no such service answers, and that must do. Never rejects.
 */
export function askHealth(client: Client, metadata: Metadata, runtime: Runtime): Promise<Health> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      "/grpc.health.v1.Health/Check",
      pass,
      pass,
      Buffer.alloc(0),
      metadata,
      { deadline: runtime.now() + ANSWER_MS_MAX },
      (error, answer) => {
        if (error === null) resolve(answer?.toString("hex") === SERVING ? "works" : "does not work");
        else resolve(isSilence(error.code) ? "silent" : "works");
      },
    );
  });
}

/** What is wrong with a service by what its instances say; undefined as soon as one of them works. */
export async function troubleOfAll(instances: readonly Promise<Health>[]): Promise<string | undefined> {
  const working = instances.map(async (instance) => {
    if ((await instance) !== "works") throw new Error("an instance that does not work");
  });
  try {
    await Promise.any(working);
    return undefined;
  } catch {
    const told = await Promise.all(instances);
    return told.includes("does not work") ? "no instance can work" : "no instance answers";
  }
}

function isSilence(code: status): boolean {
  return code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED || code === status.CANCELLED;
}

function pass(bytes: Buffer): Buffer {
  return bytes;
}
