import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "@mall/kit/errors";

/**
 * Lets only requests of this server's own pages pass. Browsers say where a request comes from by `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/), which no script can set, but only to who is reached by TLS or on this machine;
 * elsewhere by `Origin`, where they send one.
 *
 * @throws AppError PERMISSION_DENIED CROSS_SITE.
 */
export function demandOwnPage(headers: IncomingHttpHeaders): void {
  const site = headers["sec-fetch-site"];
  const isOwn = site === undefined ? isOwnOrigin(headers) : site === "same-origin";
  if (!isOwn)
    throw new AppError(
      "PERMISSION_DENIED",
      "CROSS_SITE",
      "a session is taken from this server's own pages only",
    );
}

function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  return URL.parse(origin)?.host === host;
}
