import { type AuditFilter, auditMigrations, listActs } from "@mall/kit/audit";
import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { type Command, InvalidArgumentError, Option } from "commander";
import { auditJson, auditLines } from "../operator/audit-text.ts";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { parseDuration } from "../operator/duration.ts";
import { idParser } from "../operator/parse-id.ts";
import { findServices } from "../services.ts";

const parseId = idParser("the number of an act, as mall audit list shows it");

const EXAMPLES = `
What staff and operators do about money, and about what it rests on, is written down in the transaction of the act:
who, from where, and what of the subject changed. Nothing removes these rows. Where each service has a database of its
own, name that of the one that you mean.

Examples:
  mall audit list
  mall audit list --subject pay/12
  mall audit list --who user:7 --since 24h
  mall audit list --operation /pay.Pay/Resolve --since 2026-11-01T00:00:00Z --json
  mall audit list --service product -f services/product/rpc/etc/product.yaml --limit 10 --before 4711`;

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 1000;
const WHO = /^(?:user|os):.+$/s;
const SUBJECT = /^[a-z]+\/.+$/s;
/** With its zone, so that nobody has to guess. */
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

interface ListFlags extends DataSourceFlags, AuditFilter {
  readonly json?: true;
}

/** `mall audit`: who did what about money, and about what it rests on. */
export async function addAuditCommand(program: Command): Promise<void> {
  const services = (await findServices()).map(({ name }) => name);
  const command = program
    .command("audit")
    .description("list what staff and operators did about money, prices, stock and accounts")
    .addHelpText("after", EXAMPLES);
  const list = command
    .command("list")
    .description("list acts, the newest first")
    .addOption(new Option("--service <service>", "only about rows of this service").choices(services))
    .option("--who <who>", "only of this user (7 or user:7), or of an operator (os:alice)", parseWho)
    .option(
      "--subject <subject>",
      "only about this, e.g. pay/12, order/4, product/2, user/9, job/42",
      parseSubject,
    )
    .option("--operation <operation>", "only these, e.g. /pay.Pay/Resolve or 'mall jobs retry'")
    .option(
      "--since <time>",
      "only since then: a time as 2026-11-01 or 2026-11-01T08:00:00Z, or 24h ago",
      parseSince,
    )
    .option("--limit <number>", `at most so many, up to ${LIMIT_MAX}`, parseLimit, LIMIT_DEFAULT)
    .option("--before <id>", "only acts with a smaller id, for the next page", parseId)
    .option("--json", "a JSON object on each line");
  addDataSourceOptions(list).action(printActs);
}

async function printActs({ json, ...flags }: ListFlags): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    await assertSchemaCurrent(database, auditMigrations);
    const rows = await listActs(database, flags);
    if (rows.length === 0) process.stderr.write("no such act\n");
    else process.stdout.write(`${(json === true ? rows.map(auditJson) : auditLines(rows)).join("\n")}\n`);
  } finally {
    await database.close();
  }
}

function parseWho(text: string): string {
  if (/^[1-9]\d*$/.test(text)) return `user:${text}`;
  if (WHO.test(text)) return text;
  throw new InvalidArgumentError("It must be the id of a user, user:ID, or os:NAME.");
}

function parseSubject(text: string): string {
  if (SUBJECT.test(text)) return text;
  throw new InvalidArgumentError("It must be a kind and an id, as mall audit list shows it: pay/12.");
}

/** Milliseconds since 1970. */
function parseSince(text: string): number {
  const time = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  if (/^\d+[smhd]$/.test(text)) return systemRuntime.now() - parseDuration(text) * 1000;
  throw new InvalidArgumentError(
    "It must be a day (2026-11-01, from 0:00 UTC on), a time with its zone (2026-11-01T08:00:00Z), or a number with s, m, h or d.",
  );
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`It must be a number from 1 to ${LIMIT_MAX}.`);
}
