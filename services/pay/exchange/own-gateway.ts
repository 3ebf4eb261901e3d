/** Whether an address stands for the mall's own gateway: a name under `.invalid` leads nobody else there (RFC 2606). */
export function isOwnGateway(url: string): boolean {
  return URL.parse(url)?.hostname.endsWith(".invalid") ?? false;
}
