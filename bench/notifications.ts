import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readFlags, startMariadb, wholeNumberOf } from "@mall/kit/testing";
import { alipaySender, type Sender, wechatSender } from "./notifications/messages.ts";
import type { Batch } from "./notifications/receiver.ts";
import { pinned, ReceiverProcess } from "./notifications/receiver-process.ts";
import { machine, NOTIFICATIONS_HEADING, NOTIFICATIONS_MEMORY_HEADING, writePart } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** As many are made and taken at a time; those of WeChat Pay are good for five minutes. */
const BATCH = 2_000;
/** When the memory is told, as parts of all notifications. */
const TOLD_OF_ALL = [0, 0.1, 0.25, 0.5, 0.75, 1] as const;

const { values: flags } = readFlags({
  options: {
    rounds: { type: "string", default: "3" },
    memory: { type: "string", default: "0" },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run bench:notifications -- [options]

Measures how many notifications of WeChat Pay and Alipay one core verifies and stores in a second, beside what
\`openssl speed\` says that core verifies of RSA signatures in the same minute. Writes its part of bench/results.md.

  --rounds N   of ${BATCH} notifications for each figure (3)
  --memory N   instead, the resident memory over N notifications of WeChat Pay, stored on SQLite; writes a part of its
               own
`;

if (flags.help) process.stdout.write(HELP);
else {
  const count = wholeNumberOf("--memory", flags.memory, 0);
  if (count > 0) await watchMemory(count);
  else await measure(wholeNumberOf("--rounds", flags.rounds, 1));
}

/** What one batch came to. */
interface Round {
  /** Notifications of a second. */
  readonly rate: number;
  /** Of a second in which the core does nothing else. */
  readonly cpuRate: number;
  /** Of what openssl verified in such a second, just before. */
  readonly ratio: number;
}

async function measure(rounds: number): Promise<void> {
  const [load = 0] = loadavg();
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-notifications-"));
  const mariadb = await startMariadb();
  if ("skipped" in mariadb) throw new Error(mariadb.skipped);
  const lines: string[] = [];
  const openssl: number[] = [];
  try {
    for (const sender of [await wechatSender(), await alipaySender()]) {
      const sources = [`sqlite:${join(folder, `${sender.name}.db`)}`, await mariadb.createDatabase()];
      const found = await measureSender(sender, sources, { rounds, openssl });
      for (const [title, measured] of found) lines.push(rowOf(`${sender.name}, ${title}`, measured));
    }
  } finally {
    await mariadb.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const text = partOf(lines, { rounds, load, openssl: median(openssl) });
  writePart(join(ROOT, "bench/results.md"), NOTIFICATIONS_HEADING, text);
  process.stdout.write(text);
}

/** Has each batch verified, and then stored in one database after the other. */
async function measureSender(
  sender: Sender,
  [sqlite = "", mysql = ""]: readonly string[],
  { rounds, openssl }: { readonly rounds: number; readonly openssl: number[] },
): Promise<Map<string, Round[]>> {
  const found = new Map<string, Round[]>();
  const { channels } = sender;
  const receivers = [
    await ReceiverProcess.start({ dataSource: sqlite, channels }),
    await ReceiverProcess.start({ dataSource: mysql, channels }),
  ] as const;
  const works = [
    ["verified", receivers[0], "verify"],
    ["verified and stored, SQLite", receivers[0], "store"],
    ["verified and stored, MariaDB", receivers[1], "store"],
  ] as const;
  try {
    // The first is for the compiler.
    for (let round = 0; round <= rounds; round += 1) {
      process.stderr.write(`bench: ${sender.name}, round ${round} of ${rounds}\n`);
      const notifications = batchOf(sender);
      const verified = opensslRate();
      openssl.push(verified);
      for (const [title, receiver, work] of works) {
        const { seconds, cpuSeconds } = await receiver.take({ work, notifications });
        const cpuRate = BATCH / cpuSeconds;
        if (round === 0) found.set(title, []);
        else found.get(title)?.push({ rate: BATCH / seconds, cpuRate, ratio: cpuRate / verified });
      }
    }
  } finally {
    for (const receiver of receivers) await receiver.stop();
  }
  return found;
}

function batchOf(sender: Sender): Batch["notifications"] {
  return Array.from({ length: BATCH }, () => sender.make());
}

async function watchMemory(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-notifications-"));
  const sender = await wechatSender();
  const dataSource = `sqlite:${join(folder, "memory.db")}`;
  const receiver = await ReceiverProcess.start({ dataSource, channels: sender.channels });
  const lines: string[] = [];
  try {
    const batches = Math.ceil(count / BATCH);
    const told = new Set(TOLD_OF_ALL.map((part) => Math.round(part * batches)));
    for (let batch = 0; batch <= batches; batch += 1) {
      const notifications = batch === 0 ? [] : batchOf(sender);
      const { residentMiB } = await receiver.take({ work: "store", notifications });
      if (!told.has(batch)) continue;
      lines.push(`| ${batch * BATCH} | ${residentMiB.toFixed(0)} |`);
      process.stdout.write(`${batch * BATCH} notifications: ${residentMiB.toFixed(0)} MiB\n`);
    }
  } finally {
    await receiver.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const text = [
    NOTIFICATIONS_MEMORY_HEADING,
    "",
    "Resident memory of a pay rpc that verifies and stores notifications of WeChat Pay with their jobs, 64 at a time, on SQLite, after its garbage is collected. Made by `npm run bench:notifications -- --memory N`.",
    "",
    machine(),
    "",
    "| notifications stored | resident MiB |",
    "|---|---|",
    ...lines,
  ];
  writePart(join(ROOT, "bench/results.md"), NOTIFICATIONS_MEMORY_HEADING, `${text.join("\n")}\n`);
}

/** RSA signatures of 2048 bits that openssl verifies in a second, on the receiver's core. */
function opensslRate(): number {
  const [command, ...args] = pinned(["openssl", "speed", "-mr", "-seconds", "1", "rsa2048"]);
  const said = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [, verify] = /^\+F2:\d+:2048:[\d.]+:([\d.]+)$/m.exec(said) ?? [];
  if (verify === undefined) throw new Error(`openssl does not tell its speed: ${said}`);
  return Number(verify);
}

function rowOf(title: string, rounds: readonly Round[]): string {
  const cells = [
    Math.round(median(rounds.map(({ rate }) => rate))),
    Math.round(median(rounds.map(({ cpuRate }) => cpuRate))),
    median(rounds.map(({ ratio }) => ratio)).toFixed(2),
  ];
  return `| ${title} | ${cells.join(" | ")} |`;
}

function partOf(
  lines: readonly string[],
  { rounds, load, openssl }: { readonly rounds: number; readonly load: number; readonly openssl: number },
): string {
  return `${[
    NOTIFICATIONS_HEADING,
    "",
    `Notifications that one core verifies, and stores with the job that acts on them, before they are acknowledged: as the pay rpc takes them, 64 at a time, each signed and, at WeChat Pay, encrypted by itself. Beside them what \`openssl speed rsa2048\` verified on that core just before, ${Math.round(openssl)} in a second of CPU time in the median, which is the arithmetic of the signature alone; their ratio is of CPU times too. MariaDB with the tests' settings, on the other core; SQLite with \`synchronous=FULL\`. ${rounds} rounds of ${BATCH}, median. Made by \`npm run bench:notifications\`.`,
    "",
    `${machine()} Load average before the run: ${load.toFixed(1)}.`,
    "",
    "| | a second | a second of CPU time | ratio to openssl |",
    "|---|---|---|---|",
    ...lines,
  ].join("\n")}\n`;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
