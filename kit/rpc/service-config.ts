import { P2C_POLICY } from "./p2c-balancer.ts";
import { methodsOf, type ServiceDefinition } from "./service.ts";

/**
 * How a call that a peer may have seen is tried again: at once elsewhere, twice at most. Only methods without
 * side effects are; any other call is tried again only if no peer saw it, which the library knows.
 */
const RETRY_POLICY = {
  maxAttempts: 3,
  initialBackoff: "0.01s",
  maxBackoff: "0.1s",
  backoffMultiplier: 3,
  // A peer that is going away resets the calls it cuts off, which reads as CANCELLED; those that the caller
  // itself cancels are over and not tried again.
  retryableStatusCodes: ["UNAVAILABLE", "CANCELLED"],
};

/** No more than one call in ten is tried again for long: retries must not be what keeps a service down. */
const RETRY_THROTTLING = { maxTokens: 100, tokenRatio: 0.1 };

/** The gRPC service configuration (github.com/grpc/grpc, doc/service_config.md) of a client's channel, as JSON. */
export function serviceConfigOf<Client>(definition: ServiceDefinition<Client>): string {
  const service = definition.names[0];
  const name = methodsOf(definition)
    .filter(([, method]) => method.idempotent === true && method.stream === undefined)
    .map(([, method]) => ({ service, method: method.name }));
  return JSON.stringify({
    loadBalancingConfig: [{ [P2C_POLICY]: {} }],
    retryThrottling: RETRY_THROTTLING,
    methodConfig: name.length === 0 ? [] : [{ name, retryPolicy: RETRY_POLICY }],
  });
}
