/** What a process listens on to be reached at all addresses of its machine. */
const ALL_ADDRESSES = ["0.0.0.0", "[::]"];

/** Whether a url is that of all addresses: it is listened on, and leads nobody who is elsewhere. */
export function isEverywhere(url: string): boolean {
  return ALL_ADDRESSES.includes(URL.parse(url)?.hostname ?? "");
}

/** A url with a port, as programs of this machine reach it. */
export function reachedHere(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}
