import { until } from "@mall/kit/testing";
import type { ApiUrls, Person } from "./people.ts";
import { newCustomer, personOfRole } from "./people.ts";
import { payAtSandbox } from "./sandbox.ts";
import { openPay, orderOne, putUp, success } from "./shop.ts";

/** An order and its payment. */
interface Bought {
  readonly oid: number;
  readonly id: number;
}

/** One order and payment of each kind, all of the same product. */
export interface MoneyScene {
  readonly uid: number;
  readonly pid: number;
  /** Pieces of the product, wherever they are. */
  readonly initial: ReadonlyMap<number, number>;
  readonly paid: Bought;
  readonly partlyRefunded: Bought;
  readonly refunded: Bought;
  /** Cancelled, and paid late. */
  readonly reopened: Bought;
  /** Paid late, when no piece was left. */
  readonly gone: Bought;
  readonly accepted: Bought;
  readonly closed: Bought;
  /** Unpaid, with an open attempt. */
  readonly open: Bought;
  readonly cancelled: number;
}

const STOCK = 20;

/** Plays purchases of every kind at a mall with a sandbox. */
export async function playMoney(urls: ApiUrls): Promise<MoneyScene> {
  const staff = personOfRole(urls, "staff");
  const gateway = personOfRole(urls, "gateway");
  const customer = await newCustomer(urls);
  const { uid } = customer;
  const [pid, scarce] = [await putUp(staff, STOCK), await putUp(staff, 1)];
  const buy = async (of = pid): Promise<Bought> => {
    const oid = await orderOne(customer, of);
    return { oid, id: await openPay(customer, oid) };
  };
  const prepay = ({ id }: Bought) => customer.pay.prepay({ id, channel: "sandbox" });
  const pay = async (bought: Bought): Promise<Bought> => {
    await payAtSandbox((await prepay(bought)).credential);
    await untilPay(customer, bought, 1);
    return bought;
  };
  const refund = async (bought: Bought, amount: number, status: number): Promise<Bought> => {
    await staff.pay.refund({ id: bought.id, refundNo: `R-${bought.id}`, amount });
    await untilPay(customer, bought, status);
    return bought;
  };
  const late = async (bought: Bought, meanwhile: () => Promise<unknown>, status: number): Promise<Bought> => {
    const { credential } = await prepay(bought);
    await customer.order.update({ id: bought.oid, status: 9 });
    await meanwhile();
    await payAtSandbox(credential);
    await untilPay(customer, bought, status);
    return bought;
  };

  const byCallback = await buy();
  await gateway.pay.callback(success({ ...byCallback, uid }));
  const closed = await buy();
  await customer.pay.close({ id: closed.id });
  const cancelled = await orderOne(customer, pid);
  await customer.order.update({ id: cancelled, status: 9 });
  const removed = await orderOne(customer, pid);
  await customer.order.remove({ id: removed });
  const held = await buy();
  await payAtSandbox((await prepay(held)).credential, 700);
  await untilPay(customer, held, 5);
  await staff.pay.resolve({ id: held.id, decision: "accept" });
  const open = await buy();
  await prepay(open);
  return {
    uid,
    pid,
    initial: new Map([
      [pid, STOCK],
      [scarce, 1],
    ]),
    paid: await pay(await buy()),
    partlyRefunded: await refund(await pay(await buy()), 200, 4),
    refunded: await refund(await pay(await buy()), 500, 3),
    reopened: await late(await buy(), async () => {}, 1),
    gone: await late(await buy(scarce), () => orderOne(customer, scarce), 3),
    accepted: held,
    closed,
    open,
    cancelled,
  };
}

async function untilPay({ pay }: Person, { id }: Bought, status: number): Promise<void> {
  await pay.sync({ id });
  await until(`payment ${id} comes to state ${status}`, async () => {
    const told = await pay.detail({ id });
    return told.status === status;
  });
}
