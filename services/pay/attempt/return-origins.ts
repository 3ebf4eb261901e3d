/** Names of this very machine: whoever starts a mall on it may come by any of them. */
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** Origins that buyers may be sent to after a payment, e.g. `https://shop.example`. */
export type ReturnOrigins = Pick<ReadonlySet<string>, "has">;

/** Those of the configuration, and the pages of this very process once they are served (`pagesUrl`). */
export function createReturnOrigins(
  configured: readonly string[],
  pagesUrl: () => string | undefined,
): ReturnOrigins {
  const registered = new Set(configured);
  return { has: (origin) => registered.has(origin) || isOfPages(origin, pagesUrl()) };
}

function isOfPages(origin: string, pagesUrl: string | undefined): boolean {
  if (pagesUrl === undefined) return false;
  const own = new URL(pagesUrl);
  if (origin === own.origin) return true;
  return (
    LOOPBACK.includes(own.hostname) &&
    LOOPBACK.some((name) => origin === `${own.protocol}//${name}${portOf(own)}`)
  );
}

function portOf({ port }: URL): string {
  return port === "" ? "" : `:${port}`;
}
