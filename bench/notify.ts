import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createOrderHttpClient, type OrderHttpClient } from "@mall/order/api";
import { createPayHttpClient, type PayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { createUserHttpClient } from "@mall/user/api";
import { type Child, startChild } from "./child.ts";
import { BENCH_AMOUNT, BENCH_SECRET } from "./fill.ts";
import { MALL_COMMAND } from "./mall-command.ts";
import { machine, NOTIFY_HEADING, writePart } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");
const SECRET = "a secret of mall and bank";
const PAYMENTS = 300;
const WARM_UP = 30;

/**
 * How long a channel's notification takes, from its first byte at the mall (all-in-one, SQLite) to the answer, and
 * to the order being paid as a client sees it, which asks again and again. One payment at a time. Writes its part of
 * bench/results.md.
 */
const [load = 0] = loadavg();
const folder = mkdtempSync(join(tmpdir(), "mall-bench-notify-"));
const post = startPost();
const bank = await startBank();
const mall = await startMall(bank.url, await post.url);
post.target = mall.url;
try {
  const shop = await openShop(mall.url);
  const measured: Notified[] = [];
  for (let count = 0; count < WARM_UP + PAYMENTS; count += 1) {
    const one = await payOne(shop, bank.url);
    if (count >= WARM_UP) measured.push(one);
  }
  const text = partOf(measured, load);
  writePart(join(ROOT, "bench/results.md"), NOTIFY_HEADING, text);
  process.stdout.write(text);
} finally {
  await mall.stop();
  await bank.stop();
  post.close();
  rmSync(folder, { recursive: true, force: true });
}

interface Notified {
  readonly answerMs: number;
  readonly paidMs: number;
}

interface Shop {
  readonly uid: number;
  readonly pid: number;
  readonly order: OrderHttpClient;
  readonly pay: PayHttpClient;
}

async function payOne({ uid, pid, order, pay }: Shop, bankUrl: string): Promise<Notified> {
  const { id: oid } = await order.create({ uid, pid, amount: BENCH_AMOUNT });
  const { id } = await pay.create({ uid, oid, amount: BENCH_AMOUNT });
  const { outTradeNo } = await pay.prepay({ id, channel: "sandbox" });
  const notified = post.next();
  const headers = { "content-type": "application/json" };
  await fetch(`${bankUrl}/sandbox/pay`, { method: "POST", headers, body: JSON.stringify({ outTradeNo }) });
  const { arrivedAt, answeredAt } = await notified;
  while ((await order.detail({ id: oid })).status !== 1);
  return { answerMs: answeredAt - arrivedAt, paidMs: performance.now() - arrivedAt };
}

async function openShop(url: string): Promise<Shop> {
  const visitor = createUserHttpClient({ baseUrl: url });
  const person = { mobile: "15212230311", password: "123456" };
  const { id: uid } = await visitor.register({ name: "ving", gender: 1, ...person });
  const { accessToken: token } = await visitor.login(person);
  const http = { baseUrl: url, token };
  const product = { name: "tea", desc: "green", stock: 1_000_000, amount: BENCH_AMOUNT, status: 0 };
  const { id: pid } = await createProductHttpClient(http).create(product);
  return { uid, pid, order: createOrderHttpClient(http), pay: createPayHttpClient(http) };
}

function startBank(): Promise<Child> {
  const file = write("sandbox.yaml", { Port: 0, DataDir: join(folder, "bank"), Secret: SECRET });
  return startChild([...MALL_COMMAND, "sandbox", "-f", file], /sandbox is ready at (\S+)/);
}

function startMall(bankUrl: string, NotifyUrl: string): Promise<Child> {
  const anyPort = { Api: 0, Rpc: 0 };
  const file = write("mall.yaml", {
    ...{ Port: 0, DataDir: join(folder, "mall"), Auth: { AccessSecret: BENCH_SECRET } },
    Simulator: { Enabled: false },
    ...{ User: anyPort, Product: anyPort, Order: anyPort },
    Pay: { ...anyPort, Channels: { Sandbox: { Gateway: `${bankUrl}/sandbox`, Secret: SECRET, NotifyUrl } } },
  });
  return startChild([...MALL_COMMAND, "up", "-f", file], /gateway\s+(http:\S+)/);
}

function write(name: string, config: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** Carries notifications from the bank to the mall, and looks at the clock. */
function startPost() {
  let tell: (times: { arrivedAt: number; answeredAt: number }) => void = () => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const arrivedAt = performance.now();
      forward(request.headers, Buffer.concat(chunks)).then(
        (answer) => {
          tell({ arrivedAt, answeredAt: performance.now() });
          response.writeHead(answer.status).end(answer.text);
        },
        () => response.destroy(),
      );
    });
  });
  const carrier = {
    /** Base URL of the mall. */
    target: "",
    url: new Promise<string>((resolvePromise) => {
      server.listen(0, "127.0.0.1", () => {
        resolvePromise(`http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`);
      });
    }),
    next: () =>
      new Promise<{ arrivedAt: number; answeredAt: number }>((resolvePromise) => {
        tell = resolvePromise;
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  async function forward(headers: IncomingHttpHeaders, body: Buffer) {
    const signature = String(headers["x-sandbox-signature"]);
    const answer = await fetch(`${carrier.target}/api/pay/notify/sandbox`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-sandbox-signature": signature },
      body: new Uint8Array(body),
    });
    return { status: answer.status, text: await answer.text() };
  }
  return carrier;
}

function partOf(measured: readonly Notified[], loadBefore: number): string {
  const row = (until: string, times: readonly number[]): string => {
    const sorted = times.toSorted((left, right) => left - right);
    const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
    return `| ${until} | ${at(0.5)} | ${at(0.95)} | ${(sorted.at(-1) ?? 0).toFixed(1)} |`;
  };
  return `${[
    NOTIFY_HEADING,
    "",
    `${PAYMENTS} payments at a sandbox bank, one at a time, in a mall in one process on SQLite (\`synchronous=FULL\`): from the arrival of the bank's notification to its answer, and to the order being paid as a client sees it, which asks again and again. Made by \`npm run bench:notify\`.`,
    "",
    `${machine()} Load average before the run: ${loadBefore.toFixed(1)}.`,
    "",
    "| from the notification | median ms | p95 ms | max ms |",
    "|---|---|---|---|",
    row(
      "to its answer",
      measured.map(({ answerMs }) => answerMs),
    ),
    row(
      "to the order being paid",
      measured.map(({ paidMs }) => paidMs),
    ),
  ].join("\n")}\n`;
}
