import { AppError } from "@mall/kit/errors";
import { type HttpTransport, reachedHere } from "@mall/kit/http";

/** Stands for the gateway of this very process in addresses that are needed before its port is open. */
export const OWN_GATEWAY = "http://gateway.invalid";

/** The process's own gateway, as its parts reach it. */
export interface OwnGateway {
  /** Address of the gateway as others see it; undefined until it is open. */
  address: string | undefined;
  /** Sends what is meant for `OWN_GATEWAY` to the open gateway, and everything else where it belongs. */
  through(outside: HttpTransport): HttpTransport;
}

/** A gateway that is not open yet. */
export function createOwnGateway(): OwnGateway {
  const gateway: OwnGateway = {
    address: undefined,
    through: (outside) => ({
      send: async (request, options) => {
        if (!request.url.startsWith(`${OWN_GATEWAY}/`)) return outside.send(request, options);
        if (gateway.address === undefined) {
          throw new AppError("UNAVAILABLE", "NO_ANSWER", "the gateway is not open yet");
        }
        const url = reachedHere(gateway.address) + request.url.slice(OWN_GATEWAY.length);
        return outside.send({ ...request, url }, options);
      },
    }),
  };
  return gateway;
}
