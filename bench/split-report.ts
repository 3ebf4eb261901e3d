import { writeFileSync } from "node:fs";
import type { Measured } from "./load.ts";
import { machine } from "./report.ts";

/** What is measured: the split placement, and then what it is compared with. */
export const SPLIT_NAMES = [
  "split",
  "(a) split, unary gRPC, nothing batched",
  "split, unary gRPC (`Mux: false`)",
  "(b) all-in-one",
  "(c) MariaDB's driver alone, the same rows",
] as const;

/** Writes the results page and gives its text. */
export function writeSplitResults(
  path: string,
  measured: ReadonlyMap<string, Measured>,
  shape: { readonly rounds: number; readonly seconds: number },
): string {
  const text = `${[
    "# Bench of the split placement",
    "",
    `\`POST /api/pay/create\` through pay.api, pay.rpc, user.rpc and order.rpc; MariaDB with \`innodb_flush_log_at_trx_commit=1\`, Redis as the cache of rows, etcd for discovery, all of them and the load generator on this machine; 64 connections. Every request pays an order that was never read before, so each one misses the cache twice (order, payment) and fills it. No log line per request. ${shape.rounds} alternating rounds of ${shape.seconds} s, median. Made by \`npm run bench:split\`.`,
    "",
    machine(),
    "",
    ...throughput(measured),
    "",
    "(a) is the same with one HTTP/2 stream per call, one statement per row and one write per Redis command; the line below it changes the first of these only. (c) inserts 64 rows a statement, two statements under way; its times are those of a statement.",
    "",
    "CPU by process, µs per request:",
    "",
    ...cpu(measured),
  ].join("\n")}\n`;
  writeFileSync(path, text);
  return text;
}

function throughput(measured: ReadonlyMap<string, Measured>): string[] {
  const split = measured.get(SPLIT_NAMES[0])?.requestsPerSecond ?? 0;
  return [
    "| | requests/s | split relative to it | p50 ms | p99 ms | CPU µs/request, all processes |",
    "|---|---|---|---|---|---|",
    ...[...measured].map(([name, run]) => {
      const cells = [
        Math.round(run.requestsPerSecond),
        (split / run.requestsPerSecond).toFixed(2),
        run.p50Ms.toFixed(1),
        run.p99Ms.toFixed(1),
        run.cpuMicrosPerRequest.toFixed(0),
      ];
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}

function cpu(measured: ReadonlyMap<string, Measured>): string[] {
  const processes = new Set(
    [...measured.values()].flatMap(({ cpuMicrosByProcess }) => [...cpuMicrosByProcess.keys()]),
  );
  return [
    `| | ${[...processes].join(" | ")} |`,
    `|---|${"---|".repeat(processes.size)}`,
    ...[...measured].map(([name, { cpuMicrosByProcess }]) => {
      const cells = [...processes].map((each) => cpuMicrosByProcess.get(each)?.toFixed(0) ?? "");
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}
