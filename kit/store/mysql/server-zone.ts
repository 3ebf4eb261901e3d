import type { StatementRunner } from "../statement.ts";
import { DAY_MS, type OffsetAt, utcTimeText, zoneOffset } from "../time-text.ts";
import type { DsnParams } from "./dsn-params.ts";

/** The zone that a session has which sets none, or the one that the data source names. */
export interface ServerZone {
  /** As the server or the data source says it: `SYSTEM`, `+08:00`, `Europe/Berlin`. */
  readonly name: string;
  readonly offsetAt: OffsetAt;
}

const FIXED = /^([+-])(\d{1,2}):(\d{2})$/;
/** A server's own zone has no name that it tells; two years of weeks tell it by its offsets. */
const WEEK_MS = 7 * DAY_MS;
const WEEKS = 104;

/**
 * The zone of a program's sessions that, as go-sql-driver, sets no other than its data source names.
 *
 * @throws AppError as StatementRunner does.
 */
export async function readServerZone(
  runner: Pick<StatementRunner, "read">,
  { sessionVariables, zone: loc }: Pick<DsnParams, "sessionVariables" | "zone">,
  now: number,
): Promise<ServerZone> {
  const name = readSessionZone(sessionVariables) ?? (await readGlobalZone(runner));
  const offsetAt = parseFixed(name) ?? ianaOffset(name) ?? (await askForOffset(runner, { name, loc, now }));
  return { name, offsetAt };
}

/** What the data source sets for sessions. */
function readSessionZone(variables: DsnParams["sessionVariables"]): string | undefined {
  const found = Object.entries(variables).find(([name]) => name.toLowerCase() === "time_zone");
  return found?.[1].replaceAll("'", "");
}

async function readGlobalZone(runner: Pick<StatementRunner, "read">): Promise<string> {
  const [row] = await runner.read({ sql: "SELECT @@global.time_zone AS zone", parameters: [] });
  return String(row?.zone);
}

function parseFixed(name: string): OffsetAt | undefined {
  const match = FIXED.exec(name);
  if (match === null) return undefined;
  const [, sign, hours, minutes] = match;
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return () => (sign === "-" ? -size : size);
}

function ianaOffset(name: string): OffsetAt | undefined {
  try {
    return name === "SYSTEM" ? undefined : zoneOffset(name);
  } catch {
    return undefined;
  }
}

/**
 * The first zone that has the offsets which the server computes: `loc`, the process's, or any other. Where there is
 * none, or the server cannot say, `loc` is used instead, and the database holds the instants themselves.
 */
async function askForOffset(
  runner: Pick<StatementRunner, "read">,
  { name, loc, now }: { readonly name: string; readonly loc: string; readonly now: number },
): Promise<OffsetAt> {
  const start = Math.floor(now / DAY_MS) * DAY_MS - (WEEKS / 2) * WEEK_MS;
  const instants = Array.from({ length: WEEKS }, (_, week) => start + week * WEEK_MS);
  const columns = instants.map((_, week) => `CONVERT_TZ(?, '+00:00', ?) AS t${week}`);
  const parameters = instants.flatMap((at) => [utcTimeText.toText(new Date(at)).slice(0, 19), name]);
  const [row] = await runner.read({ sql: `SELECT ${columns.join(", ")}`, parameters });
  const offsets = instants.map((at, week) => {
    const wall = row?.[`t${week}`];
    return typeof wall === "string" ? utcTimeText.toDate(wall).getTime() - at : Number.NaN;
  });
  const [first = Number.NaN] = offsets;
  if (offsets.every((offset) => offset === first)) return () => first;
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const zone of [loc, own, ...Intl.supportedValuesOf("timeZone")]) {
    const offsetAt = zoneOffset(zone);
    if (instants.every((at, week) => offsetAt(at) === offsets[week])) return offsetAt;
  }
  return zoneOffset(loc);
}
