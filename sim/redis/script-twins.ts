import { attemptScripts, cacheScripts } from "@mall/kit/cache";
import { RedisRefusal, type Reply } from "./reply.ts";

/** What a script works with: `redis.call`, KEYS and ARGV. */
interface ScriptRun {
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** Throws what the command is refused with, which ends the script; what it has changed by then stays. */
  call(command: string, ...args: (string | number)[]): Reply;
}

type Twin = (run: ScriptRun) => Reply;

/** What each script of the mall does, in JavaScript; conformance.test.ts holds them against a real Redis. */
const TWINS: ReadonlyMap<string, Twin> = new Map([
  [cacheScripts.TAKE_LEASES, takeLeases],
  [cacheScripts.FILL, fill],
  [cacheScripts.GIVE_LEASES_BACK, giveLeasesBack],
  [cacheScripts.MARK_WRITES, markWrites],
  [cacheScripts.UNMARK_WRITES, unmarkWrites],
  [attemptScripts.TAKE_ATTEMPT, takeAttempt],
  [attemptScripts.GIVE_ATTEMPT_BACK, giveAttemptBack],
  [attemptScripts.CLEAR_ATTEMPTS, clearAttempts],
]);

/** The twin of a script; one that nobody wrote is a mistake of the simulation. */
export function twinOf(script: string): Twin {
  const twin = TWINS.get(script);
  if (twin === undefined) throw new Error(`the simulated Redis does not know this script: ${script}`);
  return twin;
}

function takeLeases({ keys, args: [token = "", ms = ""], call }: ScriptRun): Reply {
  const taken: number[] = [];
  for (const [entry = "", lease = "", marks = ""] of inGroups(keys, 3)) {
    const free = call("EXISTS", entry, marks) === 0;
    if (free) {
      call("SET", lease, token, "PX", ms);
      call("SET", entry, "", "PX", ms);
    } else if (call("TYPE", entry) !== "string") {
      call("DEL", entry);
    }
    taken.push(free ? 1 : 0);
  }
  return taken;
}

function fill({ keys, args, call }: ScriptRun): Reply {
  const values = inGroups(args, 3);
  for (const [index, [entry = "", lease = ""]] of inGroups(keys, 2).entries()) {
    const [token = "", text = "", seconds = ""] = values[index] ?? [];
    if (call("GET", entry) === "" && call("GET", lease) === token) {
      call("DEL", lease);
      call("SET", entry, text, "EX", seconds);
    }
  }
  return 1;
}

function giveLeasesBack({ keys, args, call }: ScriptRun): Reply {
  for (const [index, [entry = "", lease = ""]] of inGroups(keys, 2).entries()) {
    if (call("GET", entry) === "" && call("GET", lease) === args[index]) call("DEL", entry, lease);
  }
  return 1;
}

function markWrites({ keys, args: [ms = "", ...marks], call }: ScriptRun): Reply {
  for (const [index, [entry = "", all = ""]] of inGroups(keys, 2).entries()) {
    call("DEL", entry);
    call("HSET", all, marks[index] ?? "", "");
    call("PEXPIRE", all, ms);
  }
  return 1;
}

function unmarkWrites({ keys, args, call }: ScriptRun): Reply {
  for (const [index, key] of keys.entries()) call("HDEL", key, args[index] ?? "");
  return 1;
}

function takeAttempt({ keys: [key = ""], args: [attemptsMax = "", ms = ""], call }: ScriptRun): Reply {
  const left = numberIn(call("PTTL", key));
  if (left <= 0) {
    call("SET", key, "1", "PX", ms);
    return 0;
  }
  if (numberIn(call("GET", key)) >= Number(attemptsMax)) return left;
  call("INCR", key);
  return 0;
}

function giveAttemptBack({ keys: [key = ""], call }: ScriptRun): Reply {
  if (numberIn(call("GET", key) ?? "0") > 0) call("DECR", key);
  return 1;
}

function clearAttempts({ keys: [key = ""], call }: ScriptRun): Reply {
  return call("DEL", key);
}

/** Lua's tonumber, where what is no number cannot be compared. */
function numberIn(reply: Reply): number {
  const number = typeof reply === "string" && reply !== "" ? Number(reply) : reply;
  if (typeof number === "number" && !Number.isNaN(number)) return number;
  throw new RedisRefusal("ERR attempt to compare nil with number");
}

function inGroups(items: readonly string[], size: number): string[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
