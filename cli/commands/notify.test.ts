import assert from "node:assert/strict";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { auditMigrations, listActs } from "@mall/kit/audit";
import { createJobDesk, jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import { testOperator } from "@mall/kit/testing";
import { payMigrations } from "@mall/pay/model/migrations";
import { createNotifyDesk } from "@mall/pay/notify-desk";
import { type Finished, runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

const BODY = '{"outTradeNo":"P1N1Xab"}';
const INSERT =
  "INSERT INTO pay_notify (channel, event_key, subject, headers, body, state, error, received, received_at) " +
  "VALUES ('sandbox', ?, ?, '{\"x-signature\":\"s\"}', ?, ?, ?, 2, 1790000000000)";

/** A database with one notification that was processed (1) and one that was ignored (2), and the command on it. */
async function withInbox(
  t: TestContext,
): Promise<{ database: Database; notify(...args: string[]): Promise<Finished> }> {
  const folder = testFolder(t);
  const dataSource = `sqlite:${join(folder, "mall.db")}`;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  t.after(() => database.close());
  for (const set of [payMigrations, jobsMigrations, auditMigrations]) await migrateToLatest(database, set);
  const rows = [
    ["E1", "P1N1Xab", Buffer.from(BODY), 1, ""],
    ["E2", "P2N1Xcd", Buffer.from([27, 91, 50, 74]), 2, "a word from before"],
  ];
  for (const parameters of rows) await database.write({ sql: INSERT, parameters });
  const notify = (...args: string[]): Promise<Finished> =>
    runMall(["notify", ...args, "--data-source", dataSource], { cwd: folder });
  return { database, notify };
}

describe("mall notify", { concurrency: 2, timeout: 120_000 }, () => {
  test("lists what channels said, and all of one, harmless to a terminal", async (t) => {
    const { notify } = await withInbox(t);
    const [heading = "", ...lines] = (await notify("list")).stdout.trimEnd().split("\n");
    assert.match(heading, /^ID {2}CHANNEL {2}SUBJECT +STATE +CAME +FIRST +ERROR$/);
    assert.match(lines[0] ?? "", /^2 +sandbox +P2N1Xcd +ignored +2x +20\S+Z +a word from before$/);
    assert.match(lines[1] ?? "", /^1 +sandbox +P1N1Xab +processed +2x +20\S+Z$/);
    const about = await notify("list", "--subject", "P1N1Xab", "--state", "processed");
    assert.equal(about.stdout.trimEnd().split("\n").length, 2);
    const shown = await notify("show", "1");
    assert.match(shown.stdout, /^headers +\{"x-signature":"s"\}$/m);
    assert.ok(shown.stdout.endsWith(`\n\n${BODY}\n`));
    assert.ok((await notify("show", "2")).stdout.endsWith("\n\n1b5b324a\n"));
    assert.equal((await notify("list", "--state", "received")).stderr, "no such notification\n");
  });

  test("replays one by a job of the pay service, and says which it could not", async (t) => {
    const { database, notify } = await withInbox(t);
    const { code, stdout, stderr } = await notify("replay", "2", "99");
    const said = "notification 2 is acted on again\n";
    assert.deepEqual([code, stdout, stderr], [1, said, "mall: there is no notification 99\n"]);
    const row = await createNotifyDesk(database, testOperator("")).find(2);
    assert.deepEqual([row.state, row.error], [0, ""]);
    const [job] = await createJobDesk(database, testOperator("")).list({ queue: "pay", limit: 10 });
    assert.deepEqual([job?.kind, job?.payload, job?.claim], ["pay.notify", '{"notifyId":2}', ""]);
    const [act, ...more] = await listActs(database, { limit: 10 });
    assert.deepEqual([act?.who, act?.address, act?.role], [`os:${userInfo().username}`, hostname(), null]);
    assert.deepEqual([act?.operation, act?.subject, more], ["mall notify replay", "notify/2", []]);
    assert.equal(act?.stateBefore, '{"state":2,"error":"a word from before","isReplayed":false}');
    assert.equal(act?.stateAfter, '{"state":0,"error":"","isReplayed":true}');
    assert.ok((job?.dueAt ?? Number.POSITIVE_INFINITY) <= Date.now());
  });
});
