/** What a command is told. */
export type Argument = string | number;

/** What a command answers. */
export type Reply = string | number | null | readonly Reply[];

/** A command that was refused, in the words of Redis; those that answer it know them by their first one. */
export class RedisRefusal extends Error {}

export function refuseType(): RedisRefusal {
  return new RedisRefusal("WRONGTYPE Operation against a key holding the wrong kind of value");
}

export function refuseMemory(): RedisRefusal {
  return new RedisRefusal("OOM command not allowed when used memory > 'maxmemory'.");
}

export function refuseNumber(): RedisRefusal {
  return new RedisRefusal("ERR value is not an integer or out of range");
}
