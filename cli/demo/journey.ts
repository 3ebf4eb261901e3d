import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { createOperators, type Operators } from "./operators.ts";
import {
  type Customer,
  caller,
  expect,
  type JourneyOptions,
  openPayment,
  orderProduct,
  PAID,
  PRICE,
  putUpProduct,
  signUp,
  step,
} from "./steps.ts";

const ALIPAY = 1;

/** What the journey ended with. */
export interface JourneyEnd {
  readonly orderId: number;
  /** True where the customer was the first user of this mall. */
  readonly customerIsAdmin: boolean;
}

/**
 * Plays a purchase from registration to the paid order, and checks every answer.
 *
 * @throws AppError FAILED_PRECONDITION DEMO_FAILED naming the step and what was not as expected.
 */
export async function playJourney(options: JourneyOptions): Promise<JourneyEnd> {
  const customer = await signUp(options);
  const operators = createOperators(customer, options.secret, options.runtime);
  options.transcript.note(operators.text);
  const pid = await putUpProduct(options, operators);
  const orderId = await orderProduct(options, customer, pid);
  await payOrder(options, { customer, operators, orderId });
  return { orderId, customerIsAdmin: operators.customerIsAdmin };
}

async function payOrder(
  options: JourneyOptions,
  { customer, operators, orderId }: { customer: Customer; operators: Operators; orderId: number },
): Promise<void> {
  const { uid, token } = customer;
  const pays = createPayHttpClient(caller(options, "pay", token));
  const id = await openPayment(options, customer, orderId);
  const gateway = createPayHttpClient(caller(options, "pay", operators.gateway));
  const success = { id, uid, oid: orderId, amount: PRICE, source: ALIPAY, status: PAID } as const;
  await step(options, "Report it paid (as the payment gateway)", () => gateway.callback(success), operators);
  const pay = await step(options, "Look at the payment", () => pays.detail({ id }));
  expect(options, "status", { is: pay.status, expected: PAID });
  expect(options, "source", { is: pay.source, expected: ALIPAY });
  const order = await step(options, "Look at the order again", () =>
    createOrderHttpClient(caller(options, "order", token)).detail({ id: orderId }),
  );
  expect(options, "status", { is: order.status, expected: PAID });
}
