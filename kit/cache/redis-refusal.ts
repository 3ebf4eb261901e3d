/** What Redis, which answers, refuses, in the words of its errors, and what that means. */
const REFUSALS: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/^NOAUTH|^WRONGPASS|invalid password|without any password configured/, "it does not accept User and Pass"],
  [/^DENIED/, "it is in protected mode: it lets only its own machine in"],
  [/^READONLY|read only replica/, "it is a replica that takes no writes: name the master in Host"],
  [/^MOVED|^CROSSSLOT|^ASK /, "it is a member of a cluster: set Type to cluster"],
  [/cluster support disabled/, "it is no cluster: set Type to node"],
  [/unknown command/i, "it does not know a command: it is older than Redis 5, or the command is renamed"],
  [/^MISCONF/, "it takes no writes, since it cannot save them: see its log"],
  [/^NOREPLICAS/, "it takes no writes, since it has too few replicas"],
  [/^LOADING/, "it still loads its data"],
  [/^WRONGTYPE/, "a key of the cache holds something else: it shares its keys with another program"],
];

const NO_PERMISSION = /NOPERM|no permissions|can't run this command/i;

/**
 * Why a Redis that answers cannot be used, and what to do; undefined for what is no refusal, such as silence. It
 * repeats no key and no password.
 */
export function redisRefusal(error: unknown): string | undefined {
  const text = textOf(error);
  if (NO_PERMISSION.test(text)) {
    const command = /'([a-z|]+)' command|'([a-z|]+)' subcommand/i.exec(text)?.slice(1).find(Boolean);
    const which = command === undefined ? "a command that the cache needs" : command.toUpperCase();
    return `its user may not run ${which}: see the list of commands in the configuration`;
  }
  return REFUSALS.find(([pattern]) => pattern.test(text))?.[1];
}

/** A cluster client wraps what its servers said. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const last: unknown = "lastNodeError" in error ? error.lastNodeError : undefined;
  return last instanceof Error ? last.message : error.message;
}
