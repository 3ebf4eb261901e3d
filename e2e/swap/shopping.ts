import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { newMobile, PASSWORD, personOfRole } from "../support/people.ts";
import { PRICE } from "../support/shop.ts";
import type { SwapMall } from "./swap-mall.ts";

/** What an api answers, whichever made it. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

/** How long a process may be away while it is swapped. */
const AWAY_MS_MAX = 15_000;
const RETRY_MS = 50;

/**
 * What a second payment of an order is told: the mall's words, or through an api of Go's what our unique index says to
 * a pay.rpc of Go's that still takes the order for one without payment.
 */
const SECOND_PAYMENT = /订单已创建支付|Code\(500\) desc = Error 1062(?: \(23000\))?: Duplicate entry/;

/** One buyer with a token, who asks the apis as any client does. */
export class Buyer {
  readonly #mall: SwapMall;
  readonly mobile = newMobile();
  /** How often a process on the way was not there. */
  away = 0;
  token = "";
  uid = 0;

  constructor(mall: SwapMall) {
    this.#mall = mall;
  }

  async register(): Promise<void> {
    const person = { name: "ving", gender: 1, mobile: this.mobile, password: PASSWORD };
    this.uid = idOf(await this.ask("user/register", person));
    await this.logIn();
  }

  async logIn(): Promise<void> {
    const answer = await this.ask("user/login", { mobile: this.mobile, password: PASSWORD });
    assert.equal(answer.status, 200, answer.text);
    this.token = JSON.parse(answer.text).accessToken;
  }

  /** Asks until the processes that are needed are there. What is not read-only is asked again only by who may. */
  async ask(path: string, body: object, token = this.token): Promise<Answer> {
    const until = Date.now() + AWAY_MS_MAX;
    for (;;) {
      const answer = await this.once(path, body, token);
      if (!isAway(answer)) return answer;
      this.away += 1;
      if (Date.now() > until) return answer;
      await sleep(RETRY_MS);
    }
  }

  async once(path: string, body: object, token = this.token): Promise<Answer> {
    const service = path.split("/")[0] as keyof SwapMall["urls"];
    const began = Date.now();
    try {
      const response = await fetch(`${this.#mall.urls[service]}/api/${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: token },
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text(), ms: Date.now() - began };
    } catch {
      return { status: 0, text: "", ms: Date.now() - began };
    }
  }

  order(pid: number): Promise<Answer> {
    return this.ask("order/create", { uid: this.uid, pid, amount: PRICE, status: 0 });
  }

  pay(oid: number): Promise<Answer> {
    return this.ask("pay/create", { uid: this.uid, oid, amount: PRICE });
  }

  /** Order, payment, and the gateway's word that it was paid. */
  async buy(pid: number): Promise<void> {
    const oid = idOf(await this.order(pid));
    const id = idOf(await this.pay(oid));
    const again = await this.pay(oid);
    assert.ok(again.status >= 400 && SECOND_PAYMENT.test(again.text), `${again.status} ${again.text}`);
    const { token } = personOfRole(this.#mall.urls, "gateway", this.uid);
    const said = { id, uid: this.uid, oid, amount: PRICE, source: 0, status: 1 };
    const paid = await this.ask("pay/callback", said, token);
    assert.equal(paid.status, 200, paid.text);
  }

  /** An order that nobody can fill is refused in the mall's words, whoever says them. */
  async beRefused(pid: number): Promise<void> {
    const answer = await this.order(pid);
    assert.ok(answer.status === 400 || answer.status === 409, `${answer.status} ${answer.text}`);
    assert.match(answer.text, /产品库存不足/);
  }
}

/** What Go's apis say then, with code 400; the last of these are of go-zero's breaker, in an api and in an rpc. */
const AWAY_TEXT = /code = (?:Unavailable|DeadlineExceeded)|(?:^|desc = )circuit breaker is open/;

/** Whether a process on the way was not there; no refusal. */
function isAway({ status, text }: Answer): boolean {
  return status === 0 || status === 503 || status === 504 || AWAY_TEXT.test(text);
}

export function idOf(answer: Answer): number {
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text).id;
}

/** Puts a product up as staff, whom a Go api does not ask for. */
export async function putUpAt(mall: SwapMall, stock: number): Promise<number> {
  const { token } = personOfRole(mall.urls, "staff");
  const goods = { name: "苹果", desc: "又大又圆", stock, amount: PRICE, status: 0 };
  return idOf(await new Buyer(mall).ask("product/create", goods, token));
}
