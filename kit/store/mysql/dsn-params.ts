import { invalidArgument } from "@mall/kit/errors";

/** How the connection is encrypted: not, with a verified certificate, or with any certificate. */
type TlsMode = "off" | "verify" | "skip-verify";

/** What the parameters of a DSN decide. */
export interface DsnParams {
  /** The IANA zone (`loc`) whose wall clock go-sql-driver takes the text of time columns for. */
  readonly zone: string;
  /** Whether that is the zone of whatever process reads the DSN (`loc=Local`). */
  readonly zoneIsLocal: boolean;
  readonly tls: TlsMode;
  /** Whether a server that knows no TLS is spoken to in the clear (`tls=preferred`, `allowFallbackToPlaintext`). */
  readonly plaintextAllowed: boolean;
  /** Longest wait for a connection (`timeout`). */
  readonly connectTimeoutMs: number;
  /** Longest wait for the answer to a statement (`readTimeout`), 0 for no limit; schema changes have none. */
  readonly readTimeoutMs: number;
  /**
   * Session variables to set on each connection, name to SQL literal. `time_zone` says which zone sessions of Go have;
   * ours have UTC in the end.
   */
  readonly sessionVariables: Readonly<Record<string, string>>;
}

/**
 * Parameters of go-sql-driver that are accepted and change nothing here: text always travels as utf8mb4,
 * times are always parsed, updates always report matched rows, one statement goes at a time, no file is read for the
 * server, and a connection whose server has become read-only is always given up.
 */
const WITHOUT_EFFECT = new Set([
  "allowAllFiles",
  "allowCleartextPasswords",
  "allowNativePasswords",
  "charset",
  "checkConnLiveness",
  "clientFoundRows",
  "collation",
  "columnsWithAlias",
  "compress",
  "connectionAttributes",
  "interpolateParams",
  "maxAllowedPacket",
  "multiStatements",
  "parseTime",
  "rejectReadOnly",
  "timeTruncate",
  "writeTimeout",
]);

/** Parameters of go-sql-driver that ask for what is not built; a value that asks for nothing is accepted. */
const REFUSED: Readonly<Record<string, { readonly harmless: RegExp; readonly why: string }>> = {
  allowOldPasswords: {
    harmless: /^(false|0|f)$/i,
    why: "which is refused: passwords of MySQL before 4.1 can be read on the way; give the account a new one",
  },
  serverPubKey: {
    harmless: /^$/,
    why: "which is refused: it names a key that a Go program has registered; the server gives its own, or use tls=true",
  },
};

/** By then whoever asked has long gone; go-sql-driver waits forever, and so do those of a frozen server. */
const READ_TIMEOUT_MS = 5_000;

const KNOWN = [
  ...["allowFallbackToPlaintext", "loc", "readTimeout", "timeout", "tls"],
  ...WITHOUT_EFFECT,
  ...Object.keys(REFUSED),
];

/** What the store sets by itself and relies on. */
const RESERVED = new Set(["sql_mode", "autocommit", "character_set_client", "character_set_results"]);

/** As Go's driver reads switches. */
const TRUE = /^(1|true)$/i;
const FALSE = /^(0|false)$/i;

const DURATION_UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Parses the `k=v&k=v` tail of a data source name. As in Go, a name that is no driver parameter is a
 * session variable; its value must be a number, a bare word or a 'quoted text'.
 *
 * @throws AppError INVALID_ARGUMENT naming the parameter and the rule.
 */
export function parseDsnParams(text: string): DsnParams {
  let zone = "UTC";
  let zoneIsLocal = false;
  let tls: TlsMode = "off";
  let plaintextAllowed = false;
  let connectTimeoutMs = 10_000;
  let readTimeoutMs = READ_TIMEOUT_MS;
  const sessionVariables: Record<string, string> = {};
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const { name, value } = parsePair(pair);
    if (name === "loc") {
      zone = parseZone(value);
      zoneIsLocal = value === "Local";
    } else if (name === "tls") {
      tls = parseTls(value);
      plaintextAllowed ||= value === "preferred";
    } else if (name === "allowFallbackToPlaintext") plaintextAllowed ||= parseSwitch(name, value);
    else if (name === "timeout") connectTimeoutMs = parseDuration(name, value);
    else if (name === "readTimeout") readTimeoutMs = parseDuration(name, value);
    else if (REFUSED[name] !== undefined) checkHarmless(name, value);
    else if (!WITHOUT_EFFECT.has(name)) sessionVariables[name] = parseVariable(name, value);
  }
  return { zone, zoneIsLocal, tls, connectTimeoutMs, readTimeoutMs, sessionVariables, plaintextAllowed };
}

function parsePair(pair: string): { name: string; value: string } {
  const equals = pair.indexOf("=");
  if (equals <= 0) throw bad("has a parameter that is not name=value");
  const name = pair.slice(0, equals);
  try {
    return { name, value: decodeURIComponent(pair.slice(equals + 1).replaceAll("+", " ")) };
  } catch {
    throw bad(`has a malformed % in parameter "${name}"`);
  }
}

function parseZone(value: string): string {
  if (value === "") return "UTC";
  if (value === "Local") return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: value });
  } catch {
    throw bad('has a parameter "loc" that is not UTC, Local or a zone such as Asia%2FShanghai');
  }
  return value;
}

function parseTls(value: string): TlsMode {
  if (FALSE.test(value)) return "off";
  if (TRUE.test(value)) return "verify";
  if (value === "skip-verify" || value === "preferred") return "skip-verify";
  throw bad(
    'has a parameter "tls" that is not true, false, skip-verify or preferred: a name stands for what a Go program has registered',
  );
}

function parseSwitch(name: string, value: string): boolean {
  if (TRUE.test(value)) return true;
  if (FALSE.test(value)) return false;
  throw bad(`has a parameter "${name}" that is not true or false`);
}

function checkHarmless(name: string, value: string): void {
  const refused = REFUSED[name];
  if (refused !== undefined && !refused.harmless.test(value))
    throw bad(`has a parameter "${name}", ${refused.why}`);
}

/** A duration as Go writes it: `30s`, `1m30s`, `500ms`. */
function parseDuration(name: string, value: string): number {
  if (value === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value)) {
    throw bad(`has a parameter "${name}" that is not a duration such as 5s or 500ms`);
  }
  let total = 0;
  for (const [, digits, unit = ""] of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(digits) * (DURATION_UNIT_MS[unit] ?? 0);
  }
  return total;
}

/** The value goes into a SET statement, so only what cannot be anything but one literal is let through. */
function parseVariable(name: string, value: string): string {
  if (!/^[A-Za-z_]+$/.test(name)) throw bad("has a parameter whose name is not a word");
  const meant = KNOWN.find((known) => known.toLowerCase() === name.toLowerCase());
  if (meant !== undefined) throw bad(`has a parameter "${name}", which is written "${meant}"`);
  if (RESERVED.has(name.toLowerCase())) throw bad(`has a parameter "${name}", which the store sets itself`);
  if (!/^([\w.+-]+|'[^'\\]*')$/.test(value)) {
    throw bad(`has a parameter "${name}" that is not a number, a word or a 'quoted text'`);
  }
  return value;
}

function bad(rule: string): Error {
  return invalidArgument("dataSource", rule);
}
