import type { Logger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import { attachmentsFor } from "./attachment-headers.ts";
import { serveObserved } from "./observe-call.ts";
import { serveMethod } from "./serve-method.ts";
import {
  type AnyMethod,
  buildClient,
  type MethodDefinition,
  type ServiceDefinition,
  type UnaryMethod,
} from "./service.ts";
import { clientStream } from "./streams/client-stream.ts";
import { serveStream } from "./streams/serve-stream.ts";

export interface LocalClientOptions<Client> {
  readonly definition: ServiceDefinition<Client>;
  readonly implementation: Client;
  /** Milliseconds a network client would wait; 0 for no limit. Streams have none. */
  readonly clientTimeoutMs: number;
  /** Milliseconds a network server would work; 0 for no limit. */
  readonly serverTimeoutMs: number;
  /** The latter for single methods, by their full names, e.g. `/pay.Pay/Create`. */
  readonly methodTimeoutsMs?: ReadonlyMap<string, number>;
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Nobody by default. A call is observed on its server's side only: there is no way in between. */
  readonly observer?: Observer;
}

/**
 * The client of a service that lives in this process. It behaves as a network client does (checks,
 * deadlines, cancellation, errors, no identity), with two differences that follow from not
 * serialising: there is no size limit, and both sides see the same objects. Messages are therefore
 * plain data that nobody changes after handing them over.
 */
export function bindLocalClient<Client>(options: LocalClientOptions<Client>): Client {
  return buildClient(options.definition, (property, method) =>
    method.stream === undefined
      ? localMethod(options, property, method)
      : localStream(options, property, method),
  );
}

function localMethod(
  options: LocalClientOptions<unknown>,
  property: string,
  method: MethodDefinition,
): UnaryMethod {
  const { definition, implementation, runtime, log, observer = noopObserver } = options;
  const service = definition.names[0];
  const fullName = `/${service}/${method.name}`;
  const serverTimeoutMs = options.methodTimeoutsMs?.get(fullName) ?? options.serverTimeoutMs;
  const timeoutMs = shorterTimeout(options.clientTimeoutMs, serverTimeoutMs);
  const served = { implementation, property, method, service, firstName: service };
  const serve = serveMethod({ runtime, log, timeoutMs, ...served });
  return (parent, request) => {
    try {
      method.request.check(request);
    } catch (error) {
      return Promise.reject(error);
    }
    // The caller's identity and what came with its own call stay behind, as they do over the network, so that no
    // service comes to rely on them.
    const attachments = attachmentsFor(method, parent);
    if (observer.rpcServer === undefined) {
      return serve(parent, request, { trace: parent.trace, ...attachments });
    }
    const info = { method: fullName, peer: undefined, parent: parent.trace, requestBytes: undefined };
    return serveObserved(
      { observer, runtime },
      info,
      (trace) => serve(parent, request, { trace, ...attachments }),
      () => undefined,
    );
  };
}

/** Its answers are made as their reader asks for them, its requests as the implementation does. */
function localStream(
  options: LocalClientOptions<unknown>,
  property: string,
  method: MethodDefinition,
): AnyMethod {
  const { definition, implementation, runtime, log, observer = noopObserver } = options;
  const service = definition.names[0];
  const fullName = `/${service}/${method.name}`;
  const timeoutMs = options.methodTimeoutsMs?.get(fullName) ?? 0;
  const served = { implementation, property, method, service, firstName: service };
  const serve = serveStream({ runtime, log, timeoutMs, ...served });
  return clientStream(method, (parent, messages) => {
    const attachments = attachmentsFor(method, parent);
    const info = { method: fullName, peer: undefined, parent: parent.trace, requestBytes: undefined };
    return serveObserved(
      { observer, runtime },
      info,
      (trace) => serve(parent, messages, { trace, ...attachments }),
      () => undefined,
    );
  });
}

function shorterTimeout(left: number, right: number): number {
  if (left === 0 || right === 0) return Math.max(left, right);
  return Math.min(left, right);
}
