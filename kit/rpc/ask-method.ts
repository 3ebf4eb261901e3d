import { type Client, type Metadata, status } from "@grpc/grpc-js";
import type { Runtime } from "@mall/kit/runtime";
import { methodsOf, type ServiceDefinition } from "./service.ts";

/** No message: a server that has the method refuses it before it does anything, one that has not says so first. */
const NO_MESSAGE = Buffer.from([0]);
const ANSWER_MS_MAX = 800;
/** Tells a mall that nobody calls, so that it counts and traces no call. */
export const ASK_HEADER = "mall-ask";

/**
 * The methods of a service that a peer does not have, by their names. None where it does not answer. Never rejects.
 *
 * Each is asked with what is no message, so that nothing is done, and no breaker of the peer's counts it.
 */
export async function missingMethods<Service>(
  definition: ServiceDefinition<Service>,
  peer: { readonly client: Client; readonly metadata: Metadata; readonly runtime: Runtime },
): Promise<string[]> {
  const names = methodsOf(definition).map(([, { name }]) => name);
  const asked = names.map(async (name) => ({
    name,
    code: await askMethod(`/${definition.names[0]}/${name}`, peer),
  }));
  return (await Promise.all(asked))
    .filter(({ code }) => code === status.UNIMPLEMENTED)
    .map(({ name }) => name);
}

function askMethod(
  path: string,
  { client, metadata, runtime }: { client: Client; metadata: Metadata; runtime: Runtime },
): Promise<number> {
  return new Promise((resolve) => {
    const deadline = runtime.now() + ANSWER_MS_MAX;
    const headers = metadata.clone();
    headers.set(ASK_HEADER, "1");
    client.makeUnaryRequest(path, pass, pass, NO_MESSAGE, headers, { deadline }, (error) =>
      resolve(error?.code ?? status.OK),
    );
  });
}

function pass(bytes: Buffer): Buffer {
  return bytes;
}
