import { measureSkew, SKEW_MS_MAX, SKEW_MS_WARN, skewText, surelyOff } from "@mall/kit/runtime";
import {
  type Database,
  findOutdatedForms,
  type MysqlSource,
  type OutdatedForm,
  readDatabaseZones,
  readServerClock,
} from "@mall/kit/store";
import { GO_TABLES } from "../migrations.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const HOUR_MS = 3_600_000;

interface ServerToCheck {
  readonly database: Database;
  readonly source: MysqlSource;
  /** What findings call the database. */
  readonly text: string;
}

/** Are the tables that a Go mall may have made in form, does the server's clock go as ours, and do its zones fit? */
export async function checkServer(server: ServerToCheck): Promise<Finding[]> {
  const forms = await findOutdatedForms(server.database, GO_TABLES);
  return [...forms.map(judgeForm), ...(await checkClock(server)), ...(await checkZones(server))];
}

function judgeForm({ table, engine, charsets }: OutdatedForm): Finding {
  const fix = "run mall migrate, which converts it; mall migrate --plan shows how";
  if (charsets.length === 0) return fail(`table ${table} is ${engine}, which keeps no transactions`, fix);
  return warn(
    `table ${table} (${engine}) keeps texts in ${charsets.join(" and ")}, which refuses an emoji`,
    fix,
  );
}

async function checkClock({ database, text }: ServerToCheck): Promise<Finding[]> {
  const skew = await measureSkew(database.runtime, () => readServerClock(database));
  if (skew === undefined) return [];
  const off = surelyOff(skew);
  if (off <= SKEW_MS_WARN) return [ok(`${text}: its clock and this machine's agree`)];
  const what = `${text}: its clock is ${skewText(skew)} this machine's`;
  const fix =
    "let a time service (NTP) set the clock of both, and of each machine with a process of the mall";
  return [off > SKEW_MS_MAX ? fail(what, fix) : warn(what, fix)];
}

async function checkZones({ database, source, text }: ServerToCheck): Promise<Finding[]> {
  const { loc, session, system, aheadMs } = await readDatabaseZones(database, source, database.runtime.now());
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = `loc ${source.zoneIsLocal ? `Local (${loc})` : loc}, sessions of Go ${session}, server ${system}, this process ${own}`;
  const findings = [judgeZones(`${text}: ${all}`, aheadMs)];
  if (source.zoneIsLocal) {
    findings.push(
      warn(
        `${text}: loc=Local is another zone for a process on another machine, which then reads other times`,
        `name the zone: loc=${encodeURIComponent(loc)}`,
      ),
    );
  }
  return findings;
}

/** What a program writes is right in any of them; the server's own CURRENT_TIMESTAMP is not. */
function judgeZones(what: string, { min, max }: { readonly min: number; readonly max: number }): Finding {
  if (min === 0 && max === 0) return ok(what);
  const sizes = [Math.abs(min), Math.abs(max)].sort((left, right) => left - right).map((ms) => ms / HOUR_MS);
  const hours = sizes[0] === sizes[1] ? `${sizes[0]}` : `${sizes[0]} to ${sizes[1]}`;
  return warn(
    `${what}: times that the database makes for a Go process are read ${hours} h off`,
    "before there are rows, let loc and the sessions have one zone (time_zone in every DSN, or the server's default_time_zone); later leave both, or the times of all rows change",
  );
}
