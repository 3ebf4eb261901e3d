import type { HttpRequest } from "@mall/kit/http";
import { Account, CUSTOMERS, customerOf, PRICE, type ScriptedAction, type Theme } from "../actors/index.ts";
import type { Faults } from "../faults/index.ts";
import {
  APPROVAL,
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
  payConfig,
  resetMallFiles,
  START_MS,
  type Topology,
} from "../nodes/index.ts";
import type { SimRedis } from "../redis/index.ts";
import type { SharedGroup } from "../storage/index.ts";
import { Bank, Banks, type ChannelAccounts, ChannelBanks, createSimHttp, Edge } from "../world/index.ts";
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
  /** The mall's accounts at real channels; undefined: it has none. */
  readonly accounts: ChannelAccounts | undefined;
  /** What one person may move alone, minor units; 0: all. */
  readonly approvalAbove: number;
}

/** A mall in its simulated world, with everybody who uses it. */
export class Simulation {
  readonly account: Account;
  readonly approvalAbove: number;
  readonly #initialStock: ReadonlyMap<number, number>;
  readonly #stockWitness = new StockWitness();
  readonly #kernel: Kernel;
  readonly #files: MallFiles;
  readonly #books: BookReader;
  readonly #mall: Mall;
  readonly #edge: Edge;
  readonly #network: Network;
  readonly #banks: Banks;
  readonly #channels: readonly { readonly name: string; readonly products: readonly string[] }[];
  readonly #redis: SimRedis | undefined;
  #actionsUnderWay = 0;
  #checkedVersion = -1;
  #quiet = { version: -1, isQuiet: false };

  constructor(options: SimulationOptions) {
    const { kernel, faults, files, topology, redis, statementMs, theme, accounts } = options;
    this.approvalAbove = options.approvalAbove;
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
    const atBank = (name: string) => {
      return { kernel, faults, name, runtime: runtimeOf(kernel, name), http: httpOf(name) };
    };
    const { host, channel, AppId: appId, Secret: secret } = BANK;
    const sandbox = new Bank({ ...atBank("bank"), host, channel, appId, secret });
    const real = accounts && new ChannelBanks({ ...atBank("bank-channels"), accounts });
    this.#banks = new Banks(sandbox, real);
    this.#channels = [{ name: channel, products: [] }, ...(accounts?.list ?? [])];
    this.#mall = createMall(
      { kernel, faults, network, redis, statementMs, httpFrom: (epoch) => httpOf(epoch.name, epoch) },
      { files, topology, pay: payConfig(accounts?.block, this.approvalAbove) },
    );
    files.product.showTo(this.#stockWitness);
    this.#edge = new Edge(kernel, network, this.#mall.apis);
  }

  /** Starts the processes. */
  async start(): Promise<void> {
    await this.#banks.start();
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
        bank: this.#banks,
        channels: this.#channels,
        waiting: this.#waiting,
        seenNotifies: this.#banks.posted,
        notify: (channel: string, notify: Pick<HttpRequest, "headers" | "body">) =>
          this.#notify(id, channel, notify),
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
    this.#banks.calmDown();
  }

  /** True once nobody waits for anything and nothing is left to do. */
  get isQuiet(): boolean {
    if (this.#actionsUnderWay > 0) return false;
    const version = this.#books.version + this.#banks.version;
    if (version !== this.#quiet.version) this.#quiet = { version, isQuiet: this.#openWork().length === 0 };
    return this.#quiet.isQuiet;
  }

  /** The banks' books as they are now. */
  get bank(): BankBooks {
    const { trades, acknowledged, wronglyTaken, wronglyRefused } = this.#banks;
    return { trades, acknowledged, wronglyTaken, wronglyRefused };
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
    const { orders, pays, attempts, refunds, approvals } = this.#books.read();
    return tallyOf([
      ...orders.map(({ status }) => `order ${status}`),
      ...pays.map(({ status }) => `pay ${status}`),
      ...attempts.map(({ channel, state }) => `attempt ${channel} ${state}`),
      ...refunds.map(({ cause, state }) => `refund ${cause} ${state}`),
      ...approvals.map(({ act, state }) => `approval ${act} ${state}`),
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
        attempts.some(
          ({ id, channel }) => id === attemptId && this.#channels.some(({ name }) => name === channel),
        );
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
    approvals: () => this.#books.read().approvals.filter(({ state }) => state === APPROVAL.open),
  };

  async #notify(
    from: string,
    channel: string,
    { headers, body = new Uint8Array() }: Pick<HttpRequest, "headers" | "body">,
  ): Promise<boolean> {
    const http = createSimHttp({
      kernel: this.#kernel,
      network: this.#network,
      from,
      serverOf: () => this.#edge,
    });
    const url = `http://mall.sim/api/pay/notify/${channel}`;
    try {
      const request = { method: "POST", url, headers, body } as const;
      const { status } = await http.send(request, { timeoutMs: NOTIFY_TIMEOUT_MS });
      return status === 200 || status === 204;
    } catch {
      return false;
    }
  }

  #serverOf(url: string) {
    return this.#banks.serverOf(url) ?? this.#edge;
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
