import { type Client, type Metadata, status } from "@grpc/grpc-js";
import type { Runtime } from "@mall/kit/runtime";
import { methodsOf, type ServiceDefinition } from "./service.ts";

/** No message: a server that has the method refuses it before it does anything, one that has not says so first. */
const NO_MESSAGE = Buffer.from([0]);
const ANSWER_MS_MAX = 800;
/** Who looks at one peer has the time that a loaded machine needs. */
const PROBE_MS_MAX = 2000;
/** Tells a mall that nobody calls, so that it counts and traces no call. */
export const ASK_HEADER = "mall-ask";

/**
 * The methods of a service that a peer does not have, by their names. None where it does not answer. Never rejects.
 *
 * Each is asked with what is no message, so that nothing is done, and no breaker of the peer's counts it.
 */
export async function missingMethods<Service>(
  definition: ServiceDefinition<Service>,
  peer: Peer,
): Promise<string[]> {
  return (await askMethods(definition, peer, ANSWER_MS_MAX))
    .filter(({ code }) => code === status.UNIMPLEMENTED)
    .map(({ name }) => name);
}

/** What answers for a service at a peer; `silent` is nobody, or somebody who speaks no gRPC. */
export type PeerAnswer = "serves" | "other service" | "silent";

/** Asks as {@link missingMethods} does whether a peer serves a service. Never rejects. */
export async function probeService<Service>(
  definition: ServiceDefinition<Service>,
  peer: Peer,
): Promise<PeerAnswer> {
  const codes = (await askMethods(definition, peer, PROBE_MS_MAX)).map(({ code }) => code);
  if (codes.every((code) => code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED))
    return "silent";
  return codes.every((code) => code === status.UNIMPLEMENTED) ? "other service" : "serves";
}

interface Peer {
  readonly client: Client;
  readonly metadata: Metadata;
  readonly runtime: Runtime;
}

function askMethods<Service>(
  definition: ServiceDefinition<Service>,
  peer: Peer,
  msMax: number,
): Promise<{ readonly name: string; readonly code: number }[]> {
  // What takes a stream would begin its work before the first message.
  const methods = methodsOf(definition).filter(([, { stream }]) => stream !== "client" && stream !== "both");
  const asked = methods.map(async ([, { name }]) => ({
    name,
    code: await askMethod(`/${definition.names[0]}/${name}`, peer, msMax),
  }));
  return Promise.all(asked);
}

function askMethod(path: string, { client, metadata, runtime }: Peer, msMax: number): Promise<number> {
  return new Promise((resolve) => {
    const deadline = runtime.now() + msMax;
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
