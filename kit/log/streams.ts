import { destination, type MultiStreamRes, multistream } from "pino";
import { plainLine } from "./plain-line.ts";

const STDOUT = 1;
const STDERR = 2;

/** What is written at once; a busy process so makes one system call for some forty lines. */
const CHUNK_BYTES = 8_192;
/** A line waits at most this long for others. */
const WAIT_MS_MAX = 500;
/** Lines that nobody takes off our hands are dropped beyond this, rather than fill the memory. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;

/** How lines are written. */
export type Encoding = "json" | "plain";

/**
 * go-zero's console mode: what went well to standard output, the rest to standard error. The former is
 * buffered (and flushed at exit); an error is written before the process can do anything else, such as die.
 */
export function consoleStreams(encoding: Encoding, errorsFrom: number): MultiStreamRes<number> {
  const out = destination({
    dest: STDOUT,
    sync: false,
    minLength: CHUNK_BYTES,
    maxLength: PENDING_BYTES_MAX,
    periodicFlush: WAIT_MS_MAX,
  });
  const error = destination({ dest: STDERR, sync: true, maxLength: PENDING_BYTES_MAX });
  for (const stream of [out, error]) outliveFailures(stream);
  const encode = encoding === "plain" ? plainLine : (line: string) => line;
  return multistream(
    [
      { level: 0, stream: { write: (line) => !ended.has(out) && out.write(encode(line)) } },
      { level: errorsFrom, stream: { write: (line) => !ended.has(error) && error.write(encode(line)) } },
    ],
    { dedupe: true },
  );
}

type Output = ReturnType<typeof destination>;

/** Those whose last write failed, and those that were ended for that. */
const failing = new Set<Output>();
const ended = new WeakSet<Output>();

/**
 * Has a process live on where its log cannot be written, as on a full disk: the lines wait for the next attempt, as
 * many as there is room for.
 */
function outliveFailures(stream: Output): void {
  stream.on("error", () => failing.add(stream));
  stream.on("write", () => failing.delete(stream));
  if (process.listeners("exit").includes(endFailing)) return;
  // Before those that write the rest at the end, who would not give up until there is room.
  process.prependListener("beforeExit", endFailing);
  process.prependListener("exit", endFailing);
}

function endFailing(): void {
  for (const stream of failing) {
    ended.add(stream);
    stream.destroy();
  }
  failing.clear();
}
