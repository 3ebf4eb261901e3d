import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatisticsRow } from "@mall/pay/api";
import { accountsOf, currenciesOf, pointsOf, successRate } from "./series.ts";

const NOTHING = {
  ...{ opened: 0, openedAmount: 0, begun: 0, succeeded: 0, failed: 0, closed: 0, unsettled: 0 },
  ...{ successes: 0, turnover: 0, refunds: 0, refunded: 0, verified: 0, refused: 0, p50: 0, p95: 0 },
};
const row = (fields: Partial<StatisticsRow>): StatisticsRow => ({
  ...{ time: 0, channel: "sandbox", currency: "CNY" },
  ...NOTHING,
  ...fields,
});

test("accounts of one currency are added up by time, and no currency is added to another", () => {
  const rows = [
    row({ time: 60, turnover: 500, successes: 1, p50: 5, p95: 10 }),
    row({ time: 60, channel: "wechat", turnover: 300, successes: 1, p50: 20, p95: 10 }),
    row({ time: 60, channel: "stripe", currency: "USD", turnover: 99, successes: 1 }),
    row({ time: 120, channel: "sandbox", currency: "", refused: 2 }),
  ];
  assert.deepEqual(
    pointsOf(rows, "CNY").map(({ time, turnover, successes, refused, p50 }) => [
      ...[time, turnover, successes, refused, p50],
    ]),
    [
      [60, 800, 2, 0, 20],
      [120, 0, 0, 2, 0],
    ],
  );
  assert.equal(pointsOf(rows, "USD")[0]?.turnover, 99);
  assert.deepEqual(
    pointsOf(rows, "USD", [0, 60, 120]).map(({ time, turnover }) => [time, turnover]),
    [
      [0, 0],
      [60, 99],
      [120, 0],
    ],
  );
});

test("the currency with the most successes comes first", () => {
  const totals = [row({ successes: 1 }), row({ currency: "USD", successes: 5 }), row({ currency: "" })];
  assert.deepEqual(currenciesOf(totals), ["USD", "CNY"]);
});

test("attempts that are still open say nothing of how many succeed", () => {
  assert.equal(successRate({ succeeded: 3, failed: 0, closed: 1 }), 0.75);
  assert.equal(successRate({ succeeded: 0, failed: 0, closed: 0 }), undefined);
});

test("what was refused in an account's name is told with its money, and by itself where there was none", () => {
  const told = accountsOf([
    row({ channel: "", opened: 3 }),
    row({ channel: "sandbox", currency: "", refused: 2, verified: 1 }),
    row({ channel: "sandbox", turnover: 500 }),
    row({ channel: "sandbox", currency: "USD", turnover: 9 }),
    row({ channel: "stripe", currency: "", refused: 1 }),
    row({ channel: "wechat", currency: "", verified: 4 }),
  ]);
  assert.deepEqual(
    told.map(({ channel, currency, turnover, refused }) => [channel, currency, turnover, refused]),
    [
      ["sandbox", "CNY", 500, 2],
      ["sandbox", "USD", 9, 0],
      ["stripe", "", 0, 1],
    ],
  );
});
