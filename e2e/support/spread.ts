import type { ApiUrls } from "./people.ts";

const SERVICES = ["user", "product", "order", "pay"] as const;

/**
 * A fetch that sends each request to another replica than the one before, as a balancer does that does not know who
 * is well; requests are written as if all went to the first. One that is not answered within `answerMsMax` is
 * given up.
 */
export function spreadOver(replicas: readonly ApiUrls[], answerMsMax: number): typeof fetch {
  const [first] = replicas;
  if (first === undefined) throw new Error("there is no replica");
  let turn = 0;
  return (input, init) => {
    turn += 1;
    const target = atReplica(String(input), first, replicas[turn % replicas.length] ?? first);
    return fetch(target, { ...init, signal: AbortSignal.timeout(answerMsMax) });
  };
}

/** Where a request that is written to one replica goes to at another. */
export function atReplica(url: string, written: ApiUrls, meant: ApiUrls): string {
  const service = SERVICES.find((each) => url.startsWith(`${written[each]}/`));
  return service === undefined ? url : meant[service] + url.slice(written[service].length);
}
