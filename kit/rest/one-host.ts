import { invalidArgument } from "@mall/kit/errors";

const HOST = "host";

/**
 * Of two `Host` headers a proxy in front may have gone by another one than this server would.
 *
 * @param rawHeaders names and values in turn, as they came
 * @throws AppError INVALID_ARGUMENT as RFC 9112, section 3.2, demands.
 */
export function demandOneHost(rawHeaders: readonly string[]): void {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === HOST.length && name.toLowerCase() === HOST) hosts += 1;
  }
  if (hosts > 1) throw invalidArgument("Host", "must be sent once");
}
