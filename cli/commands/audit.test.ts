import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { auditMigrations, createAudit } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { type Finished, runMall } from "../testing/run-mall.ts";
import { testFolder } from "../testing/test-mall.ts";

/** A database with four acts, the last of which a terminal would not like to show, and the command on it. */
async function withActs(t: TestContext): Promise<(...args: string[]) => Promise<Finished>> {
  const folder = testFolder(t);
  const dataSource = `sqlite:${join(folder, "mall.db")}`;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  await migrateToLatest(database, auditMigrations);
  const staff = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };
  const alice = { who: "os:alice", address: "desk" };
  for (const [service, actor, operation, subject, before, after] of [
    ["pay", staff, "/pay.Pay/Resolve", "pay/12", { status: 5 }, { status: 1 }],
    ["pay", alice, "mall jobs retry", "job/3", { state: 2 }, { state: 0 }],
    ["pay", undefined, "/pay.Pay/Refund", "pay/12", { refunded: 0 }, { refunded: 5 }],
    ["product", staff, "/product.Product/Create", "product/1", undefined, { name: "\u001b[2J\u009b1m" }],
  ] as const) {
    await database.transaction((tx) => {
      const look = async (done: true | undefined) => (done === undefined ? before : after);
      const act = { operation, subject, look, alsoUnnamed: true } as const;
      return createAudit(database, service).record(tx, new Call({ actor }), act, async () => true as const);
    });
  }
  await database.close();
  return (...args) => runMall(["audit", "list", ...args, "--data-source", dataSource], { cwd: folder });
}

describe("mall audit", { concurrency: 2, timeout: 120_000 }, () => {
  test("lists who did what, from where, and what it changed, harmless to a terminal", async (t) => {
    const list = await withActs(t);
    const { stdout } = await list();
    const [heading = "", ...lines] = stdout.trimEnd().split("\n");
    assert.match(heading, /^ID {2}WHEN +WHO +FROM +OPERATION +SUBJECT +BEFORE +AFTER$/);
    const whens = lines.map((line) => /20\S+Z/.exec(line)?.[0] ?? "");
    const rest = lines.map((line, index) => line.replace(whens[index] ?? "", "").split(/ {2,}/));
    assert.deepEqual(rest, [
      [
        "4",
        "user:7 (staff)",
        "203.0.113.9",
        "/product.Product/Create",
        "product/1",
        "-",
        String.raw`{"name":"\u001b[2J\u009b1m"}`,
      ],
      ["3", "-", "-", "/pay.Pay/Refund", "pay/12", '{"refunded":0}', '{"refunded":5}'],
      ["2", "os:alice", "desk", "mall jobs retry", "job/3", '{"state":2}', '{"state":0}'],
      ["1", "user:7 (staff)", "203.0.113.9", "/pay.Pay/Resolve", "pay/12", '{"status":5}', '{"status":1}'],
    ]);
  });

  test("lists what is asked for, page by page, and as JSON", async (t) => {
    const list = await withActs(t);
    const ids = async (...args: string[]): Promise<number[]> => {
      const { stdout } = await list("--json", ...args);
      return stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).id);
    };
    assert.deepEqual(await ids("--subject", "pay/12"), [3, 1]);
    assert.deepEqual(await ids("--subject", "pay/12", "--before", "3"), [1]);
    assert.deepEqual(await ids("--who", "7", "--service", "pay"), [1]);
    assert.deepEqual(await ids("--who", "os:alice"), [2]);
    assert.deepEqual(await ids("--operation", "/pay.Pay/Refund", "--since", "1h"), [3]);
    assert.deepEqual(await ids("--since", "2026-01-01", "--limit", "2"), [4, 3]);
    const [line = ""] = (await list("--json", "--who", "user:7")).stdout.split("\n");
    const { at, ...act } = JSON.parse(line);
    assert.match(at, /^20.*Z$/);
    assert.deepEqual(act, {
      ...{ id: 4, service: "product", operation: "/product.Product/Create", subject: "product/1" },
      ...{ who: "user:7", role: 1, address: "203.0.113.9", traceId: "" },
      ...{ before: null, after: { name: "\u001b[2J\u009b1m" } },
    });
    assert.equal((await list("--since", "2999-01-01")).stderr, "no such act\n");
  });

  test("says what is wrong with what it is asked", async (t) => {
    const list = await withActs(t);
    for (const [flag, value, rule] of [
      ["--who", "alice", /user:ID, or os:NAME/],
      ["--subject", "12", /pay\/12/],
      ["--since", "yesterday", /2026-11-01T08:00:00Z/],
      ["--since", "2026-11-01T08:00", /zone/],
      ["--limit", "0", /1 to 1000/],
      ["--before", "-1", /number of an act/],
      ["--service", "bank", /user, product, order, pay/],
    ] as const) {
      const { code, stderr } = await list(flag, value);
      assert.equal(code, 2, flag);
      assert.match(stderr, rule);
    }
  });
});
