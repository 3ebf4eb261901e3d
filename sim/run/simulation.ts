import { Account, CUSTOMERS, customerOf, PRICE, type ScriptedAction, type Theme } from "../actors/index.ts";
import type { Faults } from "../faults/index.ts";
import {
  type BankBooks,
  BookReader,
  checkAlways,
  checkAtEnd,
  checkCachedRows,
  findUnknownMoney,
  type OpenWork,
  PAY,
  REFUND,
  readOpenWork,
  StockWitness,
} from "../invariants/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { Network } from "../network/index.ts";
import {
  BANK,
  createMall,
  type Mall,
  type MallFiles,
  resetMallFiles,
  START_MS,
  type Topology,
} from "../nodes/index.ts";
import type { SimRedis } from "../redis/index.ts";
import type { SharedGroup } from "../storage/index.ts";
import { Bank, createSimHttp, Edge } from "../world/index.ts";
import { type Tally, tallyOf } from "./tally.ts";

/** Pieces of a product at first. Few of them are what people fight for. */
const STOCKS = [1, 1, 2, 3, 6] as const;
/** Where crowds come, most of whom are to pay. */
const STOCKS_FOR_CROWDS = [3, 6, 12, 30] as const;
/** How long somebody waits who posts a notification. */
const NOTIFY_TIMEOUT_MS = 5_000;
/** What groups are called that have so many members, or more. */
const GROUP_SIZES = [
  { from: 8, name: "many" },
  { from: 3, name: "some" },
  { from: 2, name: "two" },
] as const;
/** Products have the ids 1 … `PRODUCTS`. */
export const PRODUCTS = 2;

export interface SimulationOptions {
  readonly kernel: Kernel;
  readonly faults: Faults;
  readonly files: MallFiles;
  readonly topology: Topology;
  /** Where rows are cached; undefined: nowhere. */
  readonly redis: SimRedis | undefined;
  /** How long a statement takes at most, virtual milliseconds. */
  readonly statementMs: number;
  /** What the run is about. */
  readonly theme: Theme | undefined;
}

/** A mall in its simulated world, with everybody who uses it. */
export class Simulation {
  readonly account: Account;
  readonly #initialStock: ReadonlyMap<number, number>;
  readonly #stockWitness = new StockWitness();
  readonly #kernel: Kernel;
  readonly #files: MallFiles;
  readonly #books: BookReader;
  readonly #mall: Mall;
  readonly #edge: Edge;
  readonly #network: Network;
  readonly #bank: Bank;
  readonly #redis: SimRedis | undefined;
  #actionsUnderWay = 0;
  #checkedVersion = -1;
  #quiet = { version: -1, isQuiet: false };

  constructor({ kernel, faults, files, topology, redis, statementMs, theme }: SimulationOptions) {
    const network = new Network(kernel, faults);
    this.account = new Account({
      now: () => kernel.now,
      wellSince: () => redis?.wellSince ?? 0,
      copies: () => network.copies,
    });
    this.#kernel = kernel;
    this.#files = files;
    this.#redis = redis;
    this.#books = new BookReader(files);
    const stocks = kernel.random("stock");
    this.#initialStock = new Map(
      Array.from({ length: PRODUCTS }, (_, index) => [
        index + 1,
        stocks.pick(theme === "crowds" ? STOCKS_FOR_CROWDS : STOCKS),
      ]),
    );
    this.#furnish();
    this.#network = network;
    const httpOf = (from: string, owner?: Parameters<typeof createSimHttp>[0]["owner"]) =>
      createSimHttp({ kernel, network, from, owner, serverOf: (url) => this.#serverOf(url) });
    this.#bank = new Bank({
      kernel,
      faults,
      name: "bank",
      runtime: runtimeOf(kernel, "bank"),
      appId: BANK.AppId,
      secret: BANK.Secret,
      http: httpOf("bank"),
    });
    this.#mall = createMall(
      { kernel, faults, network, redis, statementMs, httpFrom: (epoch) => httpOf(epoch.name, epoch) },
      files,
      topology,
    );
    files.product.showTo(this.#stockWitness);
    this.#edge = new Edge(kernel, network, this.#mall.apis);
  }

  /** Starts the processes. */
  async start(): Promise<void> {
    await this.#bank.start();
    for (const node of this.#mall.nodes) node.start();
  }

  /** Has somebody do something, at its time. */
  begin({ id, act, at, uid, pid }: ScriptedAction): void {
    const kernel = this.#kernel;
    this.#actionsUnderWay += 1;
    kernel.schedule(at, () => {
      const context = {
        edge: this.#edge,
        account: this.account,
        random: kernel.random(`action ${id}`),
        customer: customerOf(uid),
        pid,
        id,
        bank: this.#bank,
        waiting: this.#waiting,
        seenNotifies: this.#bank.posted,
        notify: (headers: Readonly<Record<string, string>>, body: string) => this.#notify(id, headers, body),
        pause: (ms: number) => kernel.pause(ms),
      };
      act(context).then(
        () => {
          this.#actionsUnderWay -= 1;
        },
        (error: unknown) => kernel.fail(error),
      );
    });
  }

  /** What the storm left behind outside of the mall is put right: clocks and channels. */
  calmDown(): void {
    for (const node of this.#mall.nodes) node.setClockRight();
    this.#bank.calmDown();
  }

  /** True once nobody waits for anything and nothing is left to do. */
  get isQuiet(): boolean {
    if (this.#actionsUnderWay > 0) return false;
    const version = this.#books.version + this.#bank.records.version;
    if (version !== this.#quiet.version) this.#quiet = { version, isQuiet: this.#openWork().length === 0 };
    return this.#quiet.isQuiet;
  }

  /** The bank's books as they are now. */
  get bank(): BankBooks {
    const { records, acknowledged } = this.#bank;
    return { trades: records.trades, acknowledged, now: START_MS + this.#kernel.now };
  }

  /** How many pieces of a product there are altogether. */
  readonly piecesOf = (pid: number): number =>
    (this.#initialStock.get(pid) ?? 0) + this.#stockWitness.granted(pid);

  /** Looks whether all is as it must be at every moment, where anything has changed since the last look. */
  check(): void {
    const { version } = this.#books;
    if (version === this.#checkedVersion) return;
    this.#checkedVersion = version;
    checkAlways(this.#books.read(), this);
  }

  /** Looks whether all has ended as it must. */
  checkEnd(): void {
    checkAtEnd(this.#books.read(), this.#openWork(), this);
  }

  /** Looks whether what is cached is what the databases hold, once everybody reaches Redis again. */
  checkCaches(): void {
    const hasDied = this.#mall.nodes.some(({ lives }) => lives > 1);
    if (this.#redis !== undefined && !hasDied) checkCachedRows(this.#books.read(), this.#redis.entries);
  }

  /** In which states everything is now, e.g. `order 2`. */
  get states(): Tally {
    const { orders, pays, attempts, refunds } = this.#books.read();
    return tallyOf([
      ...orders.map(({ status }) => `order ${status}`),
      ...pays.map(({ status }) => `pay ${status}`),
      ...attempts.map(({ channel, state }) => `attempt ${channel} ${state}`),
      ...refunds.map(({ cause, state }) => `refund ${cause} ${state}`),
    ]);
  }

  /** Transactions that several shared, by how many they were and how that ended. */
  get groups(): Tally {
    const files = new Set(Object.values(this.#files));
    return tallyOf([...files].flatMap(({ groups }) => groups.map(nameOfGroup)));
  }

  #openWork(): OpenWork[] {
    return [...readOpenWork(this.#files), ...findUnknownMoney(this.#books.read(), this.bank)];
  }

  readonly #waiting = {
    refundsByHand: () =>
      this.#books
        .read()
        .refunds.filter(({ state }) => state === REFUND.byHand)
        .map(({ refundNo }) => refundNo),
    refundsAtChannel: () => {
      const { attempts, refunds } = this.#books.read();
      const isAtChannel = ({ cause, state, attemptId }: (typeof refunds)[number]): boolean =>
        cause === "request" &&
        (state === REFUND.reserved || state === REFUND.processing) &&
        attempts.some(({ id, channel }) => id === attemptId && channel === BANK.channel);
      return refunds.filter(isAtChannel).map(({ refundNo }) => refundNo);
    },
    refundable: () =>
      this.#books
        .read()
        .pays.filter(({ status }) => status === PAY.paid || status === PAY.partlyRefunded)
        .map(({ id, amount, refunded, refunding }) => ({ id, rest: amount - refunded - refunding }))
        .filter(({ rest }) => rest > 0),
    heldPays: () =>
      this.#books
        .read()
        .pays.filter(({ status }) => status === PAY.held)
        .map(({ id }) => id),
  };

  async #notify(from: string, headers: Readonly<Record<string, string>>, body: string): Promise<boolean> {
    const http = createSimHttp({
      kernel: this.#kernel,
      network: this.#network,
      from,
      serverOf: () => this.#edge,
    });
    const url = "http://mall.sim/api/pay/notify/sandbox";
    try {
      const request = { method: "POST", url, headers, body: Buffer.from(body) } as const;
      return (await http.send(request, { timeoutMs: NOTIFY_TIMEOUT_MS })).status === 200;
    } catch {
      return false;
    }
  }

  #serverOf(url: string) {
    return new URL(url).host === BANK.host ? this.#bank : this.#edge;
  }

  #furnish(): void {
    const rows = {
      user: Array.from({ length: CUSTOMERS + 1 }, (_, index) => ({
        table: "user",
        values: { id: index + 1, mobile: `1380000000${index}`, name: `user ${index + 1}` },
      })),
      product: [...this.#initialStock].map(([id, stock]) => ({
        table: "product",
        values: { id, stock, amount: PRICE },
      })),
    };
    resetMallFiles(this.#files, rows, { kernel: this.#kernel, startMs: START_MS });
  }
}

function nameOfGroup({ members, end }: SharedGroup): string {
  const size = GROUP_SIZES.find(({ from }) => members >= from)?.name;
  return `${size} ${end ?? "unended"}`;
}

/** The runtime of somebody who never dies and whose clock is right. */
function runtimeOf(kernel: Kernel, name: string) {
  const random = kernel.random(name);
  return {
    now: () => Math.floor(START_MS + kernel.now),
    elapsed: () => kernel.now,
    randomBytes: (length: number) => random.bytes(length),
    setTimer: (callback: () => void, delayMs: number) => {
      const event = kernel.schedule(delayMs, callback);
      return { clear: () => event.cancel() };
    },
    setImmediate: (callback: () => void) => {
      kernel.schedule(0, callback);
    },
  };
}
