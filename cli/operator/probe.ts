import { type AnyApiProcess, missingText } from "@mall/kit/process";
import { connectRpcClient, type PeerAnswer, type ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";

/** Long enough for a loaded machine, short enough to ask several ports one after the other. */
const ANSWER_MS = 2000;

/** No mall has it. */
const NO_PATH = "/-/no-such-route";

/** By what an api is known. */
export type ServedRoutes = Pick<AnyApiProcess, "openApi">;

/**
 * True where `baseUrl` serves an api: a mall's own refusal comes back, not just any answer. One that asks nobody for a
 * token is known no closer than as a mall's.
 */
export async function servesApi(baseUrl: string, { openApi }: ServedRoutes): Promise<boolean> {
  const [path, methods] = Object.entries(openApi.paths).find(isGuarded) ?? [];
  const [refused, method] =
    path === undefined ? [404, "GET"] : [401, Object.keys(methods ?? {})[0]?.toUpperCase() ?? "POST"];
  try {
    const response = await fetch(baseUrl + (path ?? NO_PATH), {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer: unknown = await response.json();
    return response.status === refused && typeof answer === "object" && answer !== null && "reason" in answer;
  } catch {
    return false;
  }
}

/** True where the simulator of a mall answers at `host:port`. */
export async function servesSimulator(address: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${address}/simulator/api/faults`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer: unknown = await response.json();
    return typeof answer === "object" && answer !== null && "known" in answer;
  } catch {
    return false;
  }
}

/** A route that wants a token: asked without one, a mall refuses in its own words. */
function isGuarded([, methods]: [string, unknown]): boolean {
  return Object.values(methods ?? {}).some(
    (operation: unknown) => typeof operation === "object" && operation !== null && "security" in operation,
  );
}

/** What answers for a service at a gRPC endpoint. */
export async function probeRpc(
  definition: ServiceDefinition<unknown>,
  endpoint: string,
  runtime: Runtime,
): Promise<PeerAnswer> {
  const connection = connectRpcClient({ definition, endpoints: [endpoint], timeoutMs: ANSWER_MS, runtime });
  try {
    return await connection.probe();
  } finally {
    connection.close();
  }
}

/** What the service at a gRPC endpoint has no method for, in one line; undefined for nothing. */
export async function missingAt(
  definition: ServiceDefinition<unknown>,
  endpoint: string,
  origin: string,
  runtime: Runtime,
): Promise<string | undefined> {
  const connection = connectRpcClient({ definition, endpoints: [endpoint], timeoutMs: ANSWER_MS, runtime });
  const missing = await connection.missing();
  connection.close();
  return missing.length === 0 ? undefined : missingText(origin, definition.names[0], missing);
}
