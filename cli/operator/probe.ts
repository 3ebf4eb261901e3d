import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { missingText } from "@mall/kit/process";
import { connectRpcClient, type ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { DtmService } from "@mall/kit/saga";
import { OrderService } from "@mall/order/rpc";
import { PayService } from "@mall/pay/rpc";
import { ProductService } from "@mall/product/rpc";
import { UserService } from "@mall/user/rpc";

/** Long enough for a loaded machine, short enough to ask several ports one after the other. */
const ANSWER_MS = 2000;

export const SERVICES = ["user", "product", "order", "pay"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A route of each service that wants a token: asked without one, a mall refuses in its own words. */
const GUARDED_PATH: Readonly<Record<ServiceName, string>> = {
  user: "/api/user/userinfo",
  product: "/api/product/detail",
  order: "/api/order/detail",
  pay: "/api/pay/detail",
};

/** True where `baseUrl` serves the api of a service: a mall's own refusal comes back, not just any answer. */
export async function servesApi(baseUrl: string, service: ServiceName): Promise<boolean> {
  try {
    const response = await fetch(baseUrl + GUARDED_PATH[service], {
      method: "POST",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer: unknown = await response.json();
    return response.status === 401 && typeof answer === "object" && answer !== null && "reason" in answer;
  } catch {
    return false;
  }
}

/** What answered for a service at a gRPC endpoint; `silent` is nobody, or somebody who speaks no gRPC. */
export type RpcAnswer = "serves" | "other service" | "silent";

/** Asks a gRPC endpoint for the row with id 0, which exists nowhere: any answer of the service will do. */
export function probeRpc(endpoint: string, service: ServiceName, runtime: Runtime): Promise<RpcAnswer> {
  return answerTo(PROBES[service](endpoint, runtime));
}

/** What the service at a gRPC endpoint has no method for, in one line; undefined for nothing. */
export async function missingAt(
  endpoint: string,
  service: ServiceName,
  origin: string,
  runtime: Runtime,
): Promise<string | undefined> {
  const probe = PROBES[service](endpoint, runtime);
  const missing = await probe.missing();
  probe.close();
  return missing.length === 0 ? undefined : missingText(origin, probe.service, missing);
}

/** Asks a gRPC endpoint for a new id, as DTM servers give them. */
export function probeDtm(endpoint: string, runtime: Runtime): Promise<RpcAnswer> {
  return answerTo(DTM_PROBE(endpoint, runtime));
}

async function answerTo(probe: Probe): Promise<RpcAnswer> {
  try {
    await probe.ask();
    return "serves";
  } catch (error) {
    return answerOf(error);
  } finally {
    probe.close();
  }
}

function answerOf(error: unknown): RpcAnswer {
  if (!(error instanceof AppError)) throw error;
  if (error.code === "UNIMPLEMENTED") return "other service";
  return error.code === "UNAVAILABLE" || error.code === "DEADLINE_EXCEEDED" ? "silent" : "serves";
}

interface Probe {
  readonly service: string;
  ask(): Promise<unknown>;
  missing(): Promise<string[]>;
  close(): void;
}

const PROBES: Readonly<Record<ServiceName, (endpoint: string, runtime: Runtime) => Probe>> = {
  user: probing(UserService, (client) => client.userInfo(backgroundCall(), { id: 0 })),
  product: probing(ProductService, (client) => client.detail(backgroundCall(), { id: 0 })),
  order: probing(OrderService, (client) => client.detail(backgroundCall(), { id: 0 })),
  pay: probing(PayService, (client) => client.detail(backgroundCall(), { id: 0 })),
};

const DTM_PROBE = probing(DtmService, (client) => client.newGid(backgroundCall(), {}));

function probing<Client>(definition: ServiceDefinition<Client>, ask: (client: Client) => Promise<unknown>) {
  return (endpoint: string, runtime: Runtime): Probe => {
    const connection = connectRpcClient({ definition, endpoints: [endpoint], timeoutMs: ANSWER_MS, runtime });
    const { client, missing, close } = connection;
    return { service: definition.names[0], ask: () => ask(client), missing, close };
  };
}
