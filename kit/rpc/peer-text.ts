import { sqlRefusal } from "@mall/kit/errors";

/** go-sql-driver's texts: `Error 1366: …`, since its version 1.7 `Error 1366 (22007): …`. */
const SQL_ERROR = /\bError (\d{4})(?: \([0-9A-Z]{5}\))?: ([\s\S]*)$/;
const DUPLICATE_ENTRY = 1062;

/** What another process's machinery says of itself, as libraries of Go, drivers and gRPC write it. */
const TECHNICAL: readonly RegExp[] = [
  // An error of a Go package or call: `redis: nil`, `sql: no rows`, `strconv.ParseInt: parsing`, `dial tcp: …`.
  /^(?:[a-z][\w./*()[\]-]*|(?:dial|read|write|lookup|listen)\b[^:]*): /,
  /\b(?:dial|read|write) (?:tcp|udp|unix)\b/,
  /\b(?:i\/o timeout|connection (?:refused|reset|closed|is closing)|broken pipe|no such host|no route to host)\b/,
  /\b(?:EOF|bad connection|invalid connection|busy buffer|malformed packet|commands out of sync|packet for query)\b/,
  /\bcontext (?:deadline exceeded|canceled)\b/,
  /\b(?:runtime error|panic|goroutine \d|nil pointer|index out of range|stack trace|SIGSEGV)\b/,
  /\b(?:syntax error|SQLSTATE|SQL syntax|sqlx|unknown column|doesn't exist|deadlock|lock wait)\b/i,
  /\b(?:not matching destination|unsupported unmarshal|HTTP status code|error unmarshalling|trans info)\b/i,
  // Redis refuses with a word in capitals first.
  /^(?:ERR|WRONGTYPE|MOVED|ASK|READONLY|LOADING|NOAUTH|NOPERM|OOM|CLUSTERDOWN|MASTERDOWN|BUSY|NOSCRIPT|EXECABORT)\b/,
  // Addresses, paths of files, files of sources.
  /\b\d{1,3}(?:\.\d{1,3}){3}\b|\blocalhost:\d+|\[[0-9a-f:]*::[0-9a-f:]*\]/i,
  /(?:^|\s)\/(?:[\w.-]+\/)+|\.go:\d+/,
];

/** What go-zero 1.3.2 answers with code UNKNOWN, and the mall's logic with 500 where it met it itself. */
const BREAKER_TEXT = "circuit breaker is open";
const OVERLOADED_TEXT = "service overloaded";

/** How Go writes a status that was made to a text, with the names of its codes in their order. */
const NESTED = /^rpc error: code = (?:Code\((\d{1,10})\)|([A-Z][A-Za-z]+)) desc = ([\s\S]*)$/;
const GO_CODES = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
];

/** What the text of a peer that gives no reason is. */
export type PeerText =
  /** Of somebody further on, whom it passes on as a text. */
  | { readonly kind: "status"; readonly code: number; readonly text: string }
  | { readonly kind: "breaker" | "overload" | "duplicate" | "technical" }
  /** The database refused a value; `text` and `number` are what it said. */
  | { readonly kind: "value"; readonly number: number; readonly text: string }
  /** For people. */
  | { readonly kind: "refusal" };

/**
 * Tells a refusal, which its caller may read, from what a process of go-zero-mall lets slip of its inside: it answers
 * both with `status.Error(500, text)`.
 */
export function readPeerText(text: string): PeerText {
  const [, number, name, inner] = NESTED.exec(text) ?? [];
  if (inner !== undefined) {
    const code = number === undefined ? GO_CODES.indexOf(name ?? "") : Number(number);
    return code < 0 ? { kind: "technical" } : { kind: "status", code, text: inner };
  }
  if (text === BREAKER_TEXT) return { kind: "breaker" };
  if (text === OVERLOADED_TEXT) return { kind: "overload" };
  const [, sqlNumber, said] = SQL_ERROR.exec(text) ?? [];
  if (said !== undefined) return readSqlText(Number(sqlNumber), said);
  if (text === "" || TECHNICAL.some((pattern) => pattern.test(text))) return { kind: "technical" };
  return { kind: "refusal" };
}

function readSqlText(number: number, text: string): PeerText {
  if (number === DUPLICATE_ENTRY) return { kind: "duplicate" };
  const isValue = sqlRefusal(number, text, undefined) !== undefined;
  return isValue ? { kind: "value", number, text } : { kind: "technical" };
}

/** Whether a text holds letters beyond Latin's: no library of Go or gRPC writes any. */
export function isForPeople(text: string): boolean {
  return /[^\p{ASCII}\p{Script=Latin}\p{P}\p{S}\p{Z}\p{C}\p{N}]/u.test(text);
}
