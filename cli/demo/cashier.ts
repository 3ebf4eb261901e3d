import { createPayHttpClient } from "@mall/pay/api";
import { createOperators } from "./operators.ts";
import {
  caller,
  type JourneyOptions,
  openPayment,
  orderProduct,
  putUpProduct,
  signUp,
  step,
} from "./steps.ts";

/**
 * Makes a product, an order and its payment, and asks for the link to the cashier.
 *
 * @returns the link, for a buyer to open.
 * @throws AppError FAILED_PRECONDITION DEMO_FAILED naming the step and what was not as expected.
 */
export async function playCashier(options: JourneyOptions): Promise<string> {
  const customer = await signUp(options);
  const operators = createOperators(customer, options.secret, options.runtime);
  options.transcript.note(operators.text);
  const pid = await putUpProduct(options, operators);
  const id = await openPayment(options, customer, await orderProduct(options, customer, pid));
  const pays = createPayHttpClient(caller(options, "pay", customer.token));
  const { url } = await step(options, "Ask for the link to the cashier", () =>
    pays.cashier({ id, subject: "Green tea, 250 g" }),
  );
  return url;
}
