import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { ORDER_STATUS, type OrderMove, orderMoved } from "../services/order/model/order-state.ts";
import { ATTEMPT_STATE, type AttemptMove, attemptMoved } from "../services/pay/model/attempt-state.ts";
import { PAY_STATUS, type PayMove, payMoved } from "../services/pay/model/pay-state.ts";
import { REFUND_STATE, type RefundMove, refundMoved } from "../services/pay/model/refund-state.ts";
import { startTestMall } from "./support/mall.ts";
import { markedBlock, readDocument } from "./support/readme-commands.ts";
import { assertVerified } from "./support/verified.ts";

const run = promisify(execFile);
const document = readDocument("docs/payments.md");

const PAY_MOVES: PayMove[] = ["succeed", "close", "hold", "doubt", "giveUp", "refundPart", "refundAll"];
const ATTEMPT_MOVES: AttemptMove[] = [
  "open",
  "fail",
  "lose",
  "close",
  "succeed",
  "returnMoney",
  "hold",
  "doubt",
];
const REFUND_MOVES: RefundMove[] = ["ask", "succeed", "fail", "handOver"];
const ORDER_MOVES: OrderMove[] = ["pay", "cancel", "reopen", "refund", "remove"];

describe("docs/payments.md", () => {
  const tables: Record<string, () => string[]> = {
    pay: () => allowed(PAY_STATUS, PAY_MOVES, payMoved),
    attempt: () => allowed(ATTEMPT_STATE, ATTEMPT_MOVES, attemptMoved),
    refund: () => allowed(REFUND_STATE, REFUND_MOVES, refundMoved),
    order: () => allowed(ORDER_STATUS, ORDER_MOVES, orderMoved),
  };
  for (const [name, there] of Object.entries(tables)) {
    it(`shows every move of the table, and no other: ${name}`, () => {
      assert.deepEqual(drawn(name).toSorted(), there().toSorted());
    });
  }

  it("numbers the states as the tables do", () => {
    const states = { "pay.status": PAY_STATUS, "pay_attempt.state": ATTEMPT_STATE };
    for (const [column, numbers] of Object.entries({
      ...states,
      "pay_refund.state": REFUND_STATE,
      "order.status": ORDER_STATUS,
    })) {
      const [, told = ""] = new RegExp(`^\`${column}\`: ([^.]*)\\.`, "m").exec(document) ?? [];
      const said = told.split(", ").map((text) => {
        const [number = "", ...words] = text.split(" ");
        return [camel(words.join("_")), Number(number)];
      });
      assert.deepEqual(Object.fromEntries(said), numbers, column);
    }
  });

  it("shows how to try it on the sandbox", { skip: missingTool() }, async () => {
    const journey = markedBlock(readDocument("README.md"), "journey");
    const commands = `${journey}\n${markedBlock(document, "sandbox")}`;
    const mall = await startTestMall();
    try {
      const { stdout } = await run("sh", ["-ec", commands.replace("http://127.0.0.1:8888", mall.url)], {
        env: { ...process.env, no_proxy: "127.0.0.1" },
      });
      const [paid = "", status, refunded] = stdout.trim().split("\n").slice(-3);
      assert.match(paid, /^\{"outTradeNo":"[^"]+","state":"paid","amount":500,"currency":"CNY"\}$/);
      assert.deepEqual([status, refunded], ["1", "200"]);
      await assertVerified(mall.dataSource);
    } finally {
      await mall.stop();
    }
  });
});

/** What a table allows, as `from>to`. */
function allowed<Move extends string>(
  states: Readonly<Record<string, number>>,
  moves: readonly Move[],
  moved: (from: number, move: Move) => number | undefined,
): string[] {
  const nameOf = (state: number): string =>
    Object.entries(states).find(([, number]) => number === state)?.[0] ?? String(state);
  const arrows = Object.entries(states).flatMap(([name, state]) =>
    moves.flatMap((move) => {
      const to = moved(state, move);
      return to === undefined ? [] : [`${name}>${nameOf(to)}`];
    }),
  );
  return [...new Set(arrows)];
}

/** The arrows of a diagram; one from a group goes from each of its states. */
function drawn(name: string): string[] {
  const start = document.indexOf(`<!-- test: states ${name} -->`);
  const [, diagram = ""] = /```mermaid\n(.*?)```/s.exec(document.slice(start)) ?? [];
  const groups = new Map<string, Set<string>>();
  let inside: Set<string> | undefined;
  const arrows: [from: string, to: string][] = [];
  for (const line of diagram.split("\n")) {
    const [, group] = /^ *state (\w+) \{$/.exec(line) ?? [];
    if (group !== undefined) {
      inside = new Set();
      groups.set(group, inside);
    }
    if (line.trim() === "}") inside = undefined;
    const [, from, to] = /^ *(\w+) --> (\w+)/.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    arrows.push([from, to]);
    inside?.add(from).add(to);
  }
  return arrows.flatMap(([from, to]) =>
    [...(groups.get(from) ?? [from])].map((one) => `${camel(one)}>${camel(to)}`),
  );
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** Why the commands cannot be run here, or false. */
function missingTool(): string | false {
  const missing = ["sh", "curl", "sed"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  return missing.length > 0 && `needs ${missing.join(", ")}`;
}
