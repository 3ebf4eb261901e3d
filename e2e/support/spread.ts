import type { ApiUrls } from "./people.ts";

/**
 * A fetch that sends each request to another replica than the one before, as a balancer does that does not know who
 * is well; requests are written as if all went to the first. One that is not answered within `answerMsMax` is
 * given up.
 */
export function spreadOver(replicas: readonly ApiUrls[], answerMsMax: number): typeof fetch {
  const [first] = replicas;
  if (first === undefined) throw new Error("there is no replica");
  const services = ["user", "product", "order", "pay"] as const;
  let turn = 0;
  return (input, init) => {
    const url = String(input);
    turn += 1;
    const chosen = replicas[turn % replicas.length] ?? first;
    const service = services.find((each) => url.startsWith(`${first[each]}/`));
    const target = service === undefined ? url : chosen[service] + url.slice(first[service].length);
    return fetch(target, { ...init, signal: AbortSignal.timeout(answerMsMax) });
  };
}
