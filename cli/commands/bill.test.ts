import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { startSimulator } from "@mall/channel-sim";
import { Call } from "@mall/kit/call";
import { createNetworkTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { channelsConfig, createChannels, dayAt } from "@mall/pay/channels";
import { payMigrations } from "@mall/pay/model/migrations";
import { databasePathIn } from "../all-in-one/data-dir.ts";
import { ensureMallFile } from "../simulator/mall-file.ts";
import { runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

const CHINA_AHEAD_MS = 8 * 3_600_000;
const HOUR_MS = 3_600_000;

/** A payment of 500 that its channel told of without a fee. */
const ROWS = [
  "INSERT INTO pay (id, uid, oid, amount, source, status, paid_time) VALUES (1, 1, 1, 500, 9, 1, CURRENT_TIMESTAMP)",
  `INSERT INTO pay_attempt (id, pay_id, out_trade_no, channel, amount, currency, received_amount, received_currency,
    state, success_of) VALUES (1, 1, 'PAY001', 'wechat', 500, 'CNY', 500, 'CNY', 2, 1)`,
  `INSERT INTO ledger_entry (txn_key, line, account, debit, credit, currency, pay_id) VALUES
    ('receipt:1', 0, 'channel:wechat', 500, 0, 'CNY', 1), ('receipt:1', 1, 'sales', 0, 500, 'CNY', 1)`,
];

describe("mall bill compare", { timeout: 300_000 }, () => {
  it("says whether a channel's bill is the payments, brings its fees into the books, and shows differences", async (t) => {
    const { folder, file, pay, write } = await openMall(t);
    await pay("PAY001");
    const day = dayAt(systemRuntime.now(), CHINA_AHEAD_MS);
    for (const sql of ROWS) await write(sql);
    const compare = (...flags: string[]) =>
      runMall(["bill", "compare", "wechat", "-f", file, ...flags], { cwd: folder });
    const today = ["--from", day];
    const first = await compare(...today);
    assert.deepEqual([first.code, first.stderr], [0, ""]);
    assert.deepEqual(first.stdout.split("\n"), [
      "1 day: 1 payment, 0 refunds",
      "CNY: 500 paid, 0 given back; the channel kept 3 and gave back 0 of it",
      "not in the books: 1 fee of 3 in all; --book-fees writes them there",
      "bills and payments say the same",
      "",
    ]);
    assert.match((await compare(...today, "--book-fees")).stdout, /^booked: 1 fee of 3 in all$/m);
    const verified = await runMall(["ledger", "verify", "-f", file], { cwd: folder });
    assert.match(verified.stdout, /the books are the payments\n$/);
    await pay("PAY002");
    const differs = await compare(...today, "--json");
    assert.equal(differs.code, 1);
    const [difference = "", summary = ""] = differs.stdout.split("\n");
    const { kind, text } = JSON.parse(difference);
    assert.equal(
      `${kind} ${text}`,
      "PAYMENT_UNKNOWN PAY002: paid at wechat with 500 CNY, and no attempt has this number",
    );
    const { payments, unknownFees, sums } = JSON.parse(summary);
    assert.deepEqual([payments, unknownFees.count, sums.CNY.fees], [2, 0, 6]);
  });

  it("lists what came of each day, a line each, and the newest first", async (t) => {
    const { folder, file, write } = await openMall(t);
    const list = (...flags: string[]) => runMall(["bill", "list", ...flags, "-f", file], { cwd: folder });
    await write(
      `INSERT INTO pay_bill (id, merchant, channel, day, state, payments, refunds, not_kept, sums, error) VALUES
        (1, 'wechat 1', 'wechat', '2026-11-28', 3, 0, 0, 0, '[]', ''),
        (2, 'wechat 1', 'wechat', '2026-11-29', 1, 12, 1, 0, '[]', ''),
        (3, 'stripe s', 'stripe', '2026-11-29', 1, 7, 0, 5, '[]', ''),
        (4, 'wechat 1', 'wechat', '2026-11-30', 0, 0, 0, 0, '[]', 'BILL_REFUSED: not yet')`,
    );
    await write(
      `INSERT INTO pay_bill_difference (bill_id, channel, kind, subject, text, state, found_at) VALUES
        (2, 'wechat', 'AMOUNT', 'P1', '', 0, 1), (2, 'wechat', 'AMOUNT', 'P2', '', 1, 1)`,
    );
    const lines = (await list()).stdout.split("\n").map((line) => line.split(/ {2,}/).join(" | "));
    assert.deepEqual(lines, [
      "id | account | day | state | payments | refunds | open | differences | error",
      "4 | wechat | 2026-11-30 | waiting | 0 | 0 | 0 | 0 | BILL_REFUSED: not yet",
      "3 | stripe | 2026-11-29 | compared | 7 | 0 | 5 | 5",
      "2 | wechat | 2026-11-29 | compared | 12 | 1 | 1 | 2",
      "",
    ]);
    const { stdout } = await list("wechat", "--before", "4", "--json");
    assert.deepEqual(JSON.parse(stdout).id, 2);
  });

  it("says in one line what was asked wrongly", async (t) => {
    const { folder, file } = await openMall(t);
    for (const [args, code, said] of [
      [["nobody"], 3, /^mall: no account nobody is configured; there are: alipay, stripe, wechat\n$/],
      [["wechat", "--from", "2026-02-30"], 2, /Write a day of the calendar, e.g. 2026-11-30/],
      [
        ["wechat", "--from", "2026-11-30", "--to", "2026-11-29"],
        2,
        /--to 2026-11-29 is before --from 2026-11-30/,
      ],
      [
        ["wechat", "--from", "2020-01-01"],
        3,
        /^mall: wechat gives no bill of 2020-01-01: INVALID_REQUEST: .*\n$/,
      ],
      [
        ["stripe", "--from", "2026-11-30", "--to", "2999-01-01"],
        2,
        /^mall: 2999-01-01 is still to come\.\n$/,
      ],
    ] as const) {
      const { code: exit, stderr } = await runMall(["bill", "compare", ...args, "-f", file], { cwd: folder });
      assert.match(stderr, said);
      assert.equal(exit, code);
    }
  });
});

/** A mall's configuration and database, and the simulator that its accounts are at. */
async function openMall(t: TestContext) {
  const folder = testFolder(t);
  const common = { runtime: systemRuntime, log: silentLogger, publicUrl: "", speed: 1 };
  const simulator = await startSimulator({
    ...common,
    host: "127.0.0.1",
    port: 0,
    dataDir: `${folder}/simulator`,
  });
  t.after(() => simulator.stop());
  const file = await ensureMallFile(folder, { ...simulator, mallUrl: "http://127.0.0.1:1" });
  const path = databasePathIn(`${folder}/data`);
  mkdirSync(dirname(path), { recursive: true });
  const database = await openDatabase({ dataSource: `sqlite:${path}`, runtime: systemRuntime });
  t.after(() => database.close());
  await migrateToLatest(database, payMigrations);
  const http = createNetworkTransport({ runtime: systemRuntime });
  const config = channelsConfig.parse(JSON.parse(readFileSync(file, "utf8")).Pay.Channels);
  const wechat = createChannels(config, { runtime: systemRuntime, http, log: silentLogger }).get("wechat");
  assert.ok(wechat !== undefined);
  return {
    folder,
    file,
    write: (sql: string) => database.write({ sql, parameters: [] }),
    /** A buyer pays 500 for a number. */
    pay: async (outTradeNo: string): Promise<void> => {
      const expireAt = systemRuntime.now() + HOUR_MS;
      const attempt = {
        outTradeNo,
        amount: 500,
        currency: "CNY",
        subject: "a phone",
        expireAt,
        product: "qr",
      } as const;
      const opened = await wechat.prepay(new Call(), attempt);
      assert.equal(opened.kind, "yes");
      const paid = await fetch(`${simulator.url}/simulator/api/pay`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ channel: "wechat", outTradeNo }),
      });
      assert.equal(paid.status, 200, await paid.text());
    },
  };
}
