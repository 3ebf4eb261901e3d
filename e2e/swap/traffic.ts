import { Buyer, putUpAt } from "./shopping.ts";
import type { SwapMall } from "./swap-mall.ts";

/** How long a lap may be waited for. */
const LAP_MS_MAX = 30_000;

/**
 * Somebody who goes on shopping while processes are swapped: in every lap an order that is sold out, a purchase, and a
 * second payment of it.
 */
export class Traffic {
  readonly buyer: Buyer;
  /** What was wrong in laps in which every process was there. */
  readonly wrong: unknown[] = [];
  /** Of laps in which a process was away, and the last of whose answers may have been lost. */
  disturbed = 0;
  clean = 0;
  readonly #soldOut: number;
  readonly #available: number;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #onLap: () => void = () => {};

  private constructor(buyer: Buyer, soldOut: number, available: number) {
    this.buyer = buyer;
    this.#soldOut = soldOut;
    this.#available = available;
  }

  static async start(mall: SwapMall): Promise<Traffic> {
    const buyer = new Buyer(mall);
    await buyer.register();
    const traffic = new Traffic(buyer, await putUpAt(mall, 0), await putUpAt(mall, 100_000));
    traffic.#running = traffic.#run();
    return traffic;
  }

  /** Resolves when so many laps more went through undisturbed. */
  async laps(count: number): Promise<void> {
    const wanted = this.clean + count;
    const until = Date.now() + LAP_MS_MAX;
    while (this.clean < wanted && this.wrong.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onLap = resolve;
      });
      if (Date.now() > until) throw new Error(`${this.clean} of ${wanted} laps`);
    }
    if (this.wrong.length > 0) throw this.wrong[0];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const { away } = this.buyer;
      const error = await this.#lap();
      if (this.buyer.away > away) this.disturbed += 1;
      else if (error === undefined) this.clean += 1;
      else this.wrong.push(error);
      this.#onLap();
    }
  }

  async #lap(): Promise<unknown> {
    try {
      await this.buyer.beRefused(this.#soldOut);
      await this.buyer.buy(this.#available);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}
