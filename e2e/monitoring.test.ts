import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { startRedis, type TestRedis, until, whyNoRedis } from "@mall/kit/testing";
import { parse } from "yaml";
import { newCustomer, personOfRole } from "./support/people.ts";
import { playJourney } from "./support/play-journey.ts";
import { PROCESS_NAMES } from "./support/process-names.ts";
import { promtool, startPrometheus, type TestPrometheus, whyNoPrometheus } from "./support/prometheus.ts";
import { markedRows, ROOT, readDocument } from "./support/readme-commands.ts";
import { reasonOf } from "./support/refusals.ts";
import { orderOne, PRICE, putUp } from "./support/shop.ts";
import { type SplitMall, startSplitMall } from "./support/split.ts";

const PROMETHEUS_FOLDER = join(ROOT, "deploy/prometheus");
const DASHBOARDS_FOLDER = join(ROOT, "deploy/grafana/dashboards");
/** Of a Prometheus that has just started, until it has asked everybody and evaluated every rule, milliseconds. */
const UP_MS_MAX = 30_000;

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface RulesFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const rules = (
  parse(readFileSync(join(PROMETHEUS_FOLDER, "alerts.yml"), "utf8")) as RulesFile
).groups.flatMap((group) => group.rules);
const panels = readdirSync(DASHBOARDS_FOLDER).flatMap((file) => {
  const dashboard = JSON.parse(readFileSync(join(DASHBOARDS_FOLDER, file), "utf8")) as { panels: Panel[] };
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      where: `${file}: ${title}`,
      expr: expr.replaceAll("$__rate_interval", "1m"),
    })),
  );
});

describe("monitoring of the eight processes under real traffic", () => {
  let mall: SplitMall;
  let redis: TestRedis | undefined;
  let scrapes: ReadonlyMap<string, string>;

  before(async () => {
    redis = whyNoRedis() === undefined ? await startRedis() : undefined;
    mall = await startSplitMall({
      cacheRedis: redis?.host,
      blocks: () => ({ DevServer: { Host: "127.0.0.1", Port: 0 } }),
    });
    await playJourney(mall.urls);
    await sellOut(mall);
    scrapes = await scrapeAll(mall);
  });
  after(async () => {
    await mall?.stop();
    await redis?.stop();
  });

  it("counts what happened to the business where it happened", () => {
    assert.equal(sampleOf(scrapes, "pay.rpc", "mall_payments_created_total"), "1");
    assert.equal(
      sampleOf(scrapes, "pay.rpc", 'mall_payments_created_amount_total{currency="CNY"}'),
      String(PRICE),
    );
    assert.equal(sampleOf(scrapes, "pay.rpc", 'mall_payments_succeeded_total{source="1"}'), "1");
    assert.equal(
      sampleOf(scrapes, "pay.rpc", 'mall_payments_succeeded_amount_total{source="1",currency="CNY"}'),
      String(PRICE),
    );
    assert.equal(sampleOf(scrapes, "order.rpc", "mall_orders_created_total"), "2");
    assert.equal(sampleOf(scrapes, "order.rpc", "mall_orders_paid_total"), "1");
    assert.equal(sampleOf(scrapes, "order.rpc", "mall_orders_cancelled_total"), "1");
    assert.equal(sampleOf(scrapes, "order.rpc", "mall_stock_refusals_total"), "1");
  });

  it("counts requests, calls and statements under go-zero's names and labels", () => {
    const http = 'path="/api/pay/create",method="POST",code="200"';
    assert.equal(sampleOf(scrapes, "pay.api", `http_server_requests_code_total{${http}}`), "1");
    assert.equal(sampleOf(scrapes, "pay.api", `http_server_requests_duration_ms_count{${http}}`), "1");
    assert.ok(sampleOf(scrapes, "pay.api", `http_server_requests_duration_ms_bucket{le="750",${http}}`));
    const call = 'method="/pay.Pay/Create"';
    assert.equal(sampleOf(scrapes, "pay.api", `rpc_client_requests_code_total{${call},code="0"}`), "1");
    assert.equal(sampleOf(scrapes, "pay.rpc", `rpc_server_requests_code_total{${call},code="0"}`), "1");
    assert.equal(sampleOf(scrapes, "pay.rpc", `rpc_server_requests_duration_ms_count{${call}}`), "1");
    assert.ok(sampleOf(scrapes, "pay.rpc", 'sql_client_requests_duration_ms_count{command="queryStmt"}'));
  });

  it("has every metric that an alert or a dashboard asks for", () => {
    // A node of the cache has its figure where there is one.
    const known = new Set(redis === undefined ? ["up", "mall_cache_node_used"] : ["up"]);
    for (const text of scrapes.values())
      for (const [, name = ""] of text.matchAll(/^# TYPE (\S+) /gm)) known.add(name);
    const asked = [...rules.map(({ alert, expr }) => ({ where: alert, expr })), ...panels];
    assert.ok(asked.length > 50);
    for (const { where, expr } of asked) {
      for (const name of metricNames(expr)) {
        const base = name.replace(/_(bucket|sum|count)$/, "");
        assert.ok(known.has(name) || known.has(base), `${where} asks for ${name}`);
      }
    }
  });

  it("explains every alert in docs/operations.md, and no other", () => {
    const explained = markedRows(readDocument("docs/operations.md"), "alerts").map(([name]) =>
      name?.replaceAll("`", ""),
    );
    assert.deepEqual(explained.toSorted(), rules.map(({ alert }) => alert).toSorted());
  });

  it("has rules and a configuration that promtool finds right, and alerts that fire when they should", (t) => {
    if (skipped(t)) return;
    promtool(["check", "config", "prometheus.yml"], PROMETHEUS_FOLDER);
    promtool(["test", "rules", "alerts.test.yml"], PROMETHEUS_FOLDER);
  });

  it("is understood by a real Prometheus: all processes up, each query of each dashboard answered, no alert", async (t) => {
    if (skipped(t)) return;
    const prometheus = await startPrometheus({
      targets: PROCESS_NAMES.map((name) => ({
        address: new URL(devServer(mall, name)).host,
        labels: labelsOf(name),
      })),
      rules: join(PROMETHEUS_FOLDER, "alerts.yml"),
    });
    try {
      await until(
        "all processes are up",
        async () => (await prometheus.query('up{job="mall"} == 1')).length === PROCESS_NAMES.length,
        { withinMs: UP_MS_MAX },
      );
      await checkRules(prometheus);
      for (const { where, expr } of panels) {
        await assert.doesNotReject(prometheus.query(expr), where);
      }
      const [paid] = await prometheus.query('mall_payments_succeeded_total{service="pay", layer="rpc"}');
      assert.equal(paid?.value[1], "1");
      assert.deepEqual(await prometheus.query('ALERTS{alertstate="firing"}'), []);
    } finally {
      await prometheus.stop();
    }
  });
});

async function checkRules(prometheus: TestPrometheus): Promise<void> {
  await until(
    "all rules were evaluated",
    async () => [...(await prometheus.rules()).values()].every((health) => health !== "unknown"),
    { withinMs: UP_MS_MAX },
  );
  for (const [name, health] of await prometheus.rules()) assert.equal(health, "ok", name);
}

function skipped(t: TestContext): boolean {
  const reason = whyNoPrometheus();
  if (reason !== undefined) t.skip(reason);
  return reason !== undefined;
}

/** One order that is cancelled, and one that finds nothing in stock. */
async function sellOut(mall: SplitMall): Promise<void> {
  const staff = personOfRole(mall.urls, "staff");
  const customer = await newCustomer(mall.urls);
  const empty = await putUp(staff, 0);
  assert.equal(await reasonOf(orderOne(customer, empty)), "STOCK_INSUFFICIENT");
  const id = await orderOne(customer, await putUp(staff, 1));
  await customer.order.update({ id, status: 9 });
}

async function scrapeAll(mall: SplitMall): Promise<Map<string, string>> {
  const scraped = new Map<string, string>();
  for (const name of PROCESS_NAMES) {
    const answer = await fetch(`${devServer(mall, name)}/metrics`);
    scraped.set(name, await answer.text());
  }
  return scraped;
}

/** The port that a process says its DevServer has. */
function devServer(mall: SplitMall, name: string): string {
  const url = /devserver is ready at (http:\S+)/.exec(mall.printed.get(name) ?? "")?.[1];
  assert.ok(url, `${name} printed no devserver`);
  return url;
}

function labelsOf(name: string): Record<string, string> {
  const [service = "", layer = ""] = name.split(".");
  return { service, layer };
}

function sampleOf(scrapes: ReadonlyMap<string, string>, name: string, series: string): string | undefined {
  const lines = (scrapes.get(name) ?? "").split("\n");
  return lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);
}

/** What a PromQL expression reads: its words without labels, functions and operators. */
function metricNames(expr: string): string[] {
  const bare = expr
    .replace(/\{[^}]*\}/g, " ")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, " ");
  const words = [...bare.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([word]) => word);
  return words.filter((word) => !/^(and|or|unless|bool|offset)$/.test(word));
}
