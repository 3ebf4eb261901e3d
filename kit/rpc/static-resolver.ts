import { experimental } from "@grpc/grpc-js";
import { invalidArgument } from "@mall/kit/errors";
import { formatAddress, parseAddress } from "./address.ts";

const SCHEME = "mall-static";

/**
 * Gives grpc-js a fixed list of `host:port`. Its own resolvers take either one DNS name or several IP
 * addresses; go-zero's `Endpoints` may hold several names. Names are looked up at every connection
 * attempt, so that a peer that moved is found again.
 */
class StaticResolver implements experimental.Resolver {
  readonly #endpoints: experimental.Endpoint[];
  readonly #listener: experimental.ResolverListener;
  #reported = false;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener) {
    this.#endpoints = target.path
      .split(",")
      .map((text) => ({ addresses: [parseAddress("Endpoints", text)] }));
    this.#listener = listener;
  }

  updateResolution(): void {
    if (this.#reported) return;
    this.#reported = true;
    process.nextTick(() => {
      if (this.#reported) this.#listener(experimental.statusOrFromValue(this.#endpoints), {}, null, "");
    });
  }

  destroy(): void {
    this.#reported = false;
  }

  /** What goes into the `:authority` header. */
  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return target.path.split(",")[0] ?? "";
  }
}

experimental.registerResolver(SCHEME, StaticResolver);

/**
 * The grpc-js target of a list of endpoints.
 *
 * @throws AppError INVALID_ARGUMENT for no endpoint, or one that is not `host:port`.
 */
export function staticTarget(endpoints: readonly string[]): string {
  if (endpoints.length === 0) throw invalidArgument("Endpoints", "must name at least one host:port");
  const addresses = endpoints.map((text) => formatAddress(parseAddress("Endpoints", text)));
  return `${SCHEME}:${addresses.join(",")}`;
}
