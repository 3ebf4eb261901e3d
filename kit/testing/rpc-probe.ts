import { Client, credentials, type ServiceError } from "@grpc/grpc-js";

/** What orchestrators and tools learn from a gRPC port besides its services, asked in raw bytes, without our contracts. */
export interface RpcProbe {
  /** What grpc.health.v1.Health says of the process as a whole: 1 for SERVING, 2 for NOT_SERVING. */
  readonly health: number | undefined;
  /** The status with which reflection is refused; undefined if it answers. */
  readonly reflectionRefusal: number | undefined;
}

const HEALTH = "/grpc.health.v1.Health/Check";
const REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
/** A request for the list of services. */
const LIST_SERVICES = Buffer.from([0x3a, 0x00]);

/** Asks the server at `host:port`. Rejects if it has no health service. */
export async function probeRpc(address: string): Promise<RpcProbe> {
  const client = new Client(address, credentials.createInsecure());
  try {
    return { health: await healthOf(client), reflectionRefusal: await reflectionRefusalOf(client) };
  } finally {
    client.close();
  }
}

function healthOf(client: Client): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(HEALTH, passBytes, passBytes, Buffer.alloc(0), (error, bytes) =>
      // A tag, and the status.
      error === null ? resolve(bytes?.[1]) : reject(error),
    );
  });
}

function reflectionRefusalOf(client: Client): Promise<number | undefined> {
  const stream = client.makeBidiStreamRequest(REFLECTION, passBytes, passBytes);
  return new Promise((resolve) => {
    stream.on("data", () => resolve(undefined)).on("error", ({ code }: ServiceError) => resolve(code));
    stream.end(LIST_SERVICES);
  });
}

function passBytes(bytes: Buffer): Buffer {
  return bytes;
}
