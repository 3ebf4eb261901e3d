import {
  type ServiceDefinition as GrpcServiceDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { methodsOf, type ServiceDefinition } from "@mall/kit/rpc";

/** How long calls under way may go on when a server ends, as go-zero lets them. */
const GRACE_MS = 1000;

/** What a Go server answers an error with: `status.Error(code, text)`. */
export class GoStatus extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** Methods of a service as a Go process has them: requests and answers are messages, nothing else comes along. */
export type GoMethods<Client> = {
  readonly [Key in keyof Client]?: Client[Key] extends (
    call: never,
    request: infer Request,
  ) => Promise<infer Response>
    ? (request: Request) => Promise<Response>
    : never;
};

/** A server that speaks as one made with grpc-go does: no details of errors, no multiplexed form, no health. */
export interface GoStandIn {
  /** `host:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a stand-in for a Go process on a free port of loopback, or on `port`. What it has no method for, it says so. */
export async function startGoStandIn<Client>(
  definition: ServiceDefinition<Client>,
  methods: GoMethods<Client>,
  port = 0,
): Promise<GoStandIn> {
  const server = new Server();
  for (const service of definition.names) {
    const paths: Record<string, GrpcServiceDefinition[string]> = {};
    const handlers: UntypedServiceImplementation = {};
    for (const [property, method] of methodsOf(definition)) {
      const run: unknown = Reflect.get(methods, property);
      if (typeof run !== "function") continue;
      paths[property] = { path: `/${service}/${method.name}`, ...PASSED };
      handlers[property] = (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
        answer(() => run(method.request.decode(call.request))).then(
          (response) => callback(null, method.response.encode(response)),
          (error: unknown) => callback(statusOf(error)),
        );
      };
    }
    server.addService(paths, handlers);
  }
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error === null ? resolve(found) : reject(error),
    ),
  );
  return {
    address: `127.0.0.1:${bound}`,
    stop: async () => {
      const force = setTimeout(() => server.forceShutdown(), GRACE_MS);
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      clearTimeout(force);
    },
  };
}

async function answer(run: () => Promise<unknown>): Promise<unknown> {
  return run();
}

/** A plain error of Go's is UNKNOWN with its text. */
function statusOf(error: unknown): { code: number; details: string } {
  const details = error instanceof Error ? error.message : String(error);
  return { code: error instanceof GoStatus ? error.code : status.UNKNOWN, details };
}

function pass(bytes: Buffer): Buffer {
  return bytes;
}

const PASSED = {
  requestStream: false,
  responseStream: false,
  requestSerialize: pass,
  requestDeserialize: pass,
  responseSerialize: pass,
  responseDeserialize: pass,
} as const;
