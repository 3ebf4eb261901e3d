import { type Command, commandOf } from "./commands.ts";
import { Keyspace } from "./keyspace.ts";
import { type Argument, type Reply, refuseMemory } from "./reply.ts";
import { twinOf } from "./script-twins.ts";

/** What a Redis server does with a command, all at once and by itself. */
export class Engine {
  readonly keyspace: Keyspace;
  /** Which run of the server this is. */
  runId: string;
  /** No memory is left, and nothing may be thrown out. */
  isFull = false;

  /** `clock`: the server's, milliseconds. */
  constructor(clock: () => number, runId: string) {
    this.keyspace = new Keyspace(clock);
    this.runId = runId;
  }

  /**
   * Runs a command.
   *
   * @throws RedisRefusal where Redis answers with an error.
   */
  execute([name, ...args]: readonly Argument[]): Reply {
    const words = args.map(String);
    if (name === "INFO") return `# Server\r\nrun_id:${this.runId}\r\n`;
    if (name === "EVAL") return this.#runScript(words);
    const command = commandOf(name);
    if (this.isFull && command.needsMemory) throw refuseMemory();
    return command.run(this.keyspace, words);
  }

  /** A full server lets a script go on that has changed something already: half of one is worse. */
  #runScript([script = "", keyCount, ...rest]: readonly string[]): Reply {
    const count = Number(keyCount);
    let hasWritten = false;
    const call = (name: string, ...args: Argument[]): Reply => {
      const command: Command = commandOf(name);
      if (this.isFull && command.needsMemory && !hasWritten) throw refuseMemory();
      hasWritten ||= command.writes;
      return command.run(this.keyspace, args.map(String));
    };
    return twinOf(script)({ keys: rest.slice(0, count), args: rest.slice(count), call });
  }
}
