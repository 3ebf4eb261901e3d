/** @jsxImportSource preact */

import { moneyText } from "@mall/kit/currency";
import { useRef } from "preact/hooks";
import { newKey } from "../shared/new-key.ts";
import { orders } from "./server/clients.ts";
import { paymentLink } from "./server/payment-link.ts";
import { isRefused, Purchase, subjectOf } from "./server/purchase.ts";
import { type Acts, useActs } from "./use-act.ts";
import { type OwnOrder, useOrders } from "./use-orders.ts";
import { useReturns } from "./use-returns.ts";
import type { Visit } from "./visit.ts";

/** An order of which somebody thinks better. */
const CANCELLED = 9;

/** What one has ordered, and what has come of it. */
export function Orders({ visit }: { readonly visit: Visit }) {
  const { texts } = visit;
  const { shown, trouble, hasMore, more, look } = useOrders(visit);
  const acts = useActs(texts, visit.signedOut);
  useReturns(acts.reset);
  return (
    <section aria-labelledby="orders">
      <h2 id="orders" tabIndex={-1}>
        {texts.myOrders}
      </h2>
      <p class="trouble" role="alert">
        {acts.trouble || trouble}
      </p>
      {shown === undefined && trouble === "" && <p>{texts.loading}</p>}
      {shown?.length === 0 && <p>{texts.noOrders}</p>}
      <ul class="rows">
        {shown?.map((own) => (
          <OrderRow key={own.order.id} own={own} visit={visit} acts={acts} look={look} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="plain" onClick={more}>
          {texts.more}
        </button>
      )}
    </section>
  );
}

function OrderRow(props: {
  readonly own: OwnOrder;
  readonly visit: Visit;
  readonly acts: Acts;
  look(): void;
}) {
  const { own, visit, acts, look } = props;
  const { order, payment, state } = own;
  const { texts, language, session, isStaff } = visit;
  const name = own.name || texts.productOf(order.pid);
  const currency = payment?.currency ?? session.currency;
  return (
    <li class={state}>
      <h3>
        {name} <small class="quiet">{texts.order(order.id)}</small>
      </h3>
      <p>
        <b>{moneyText(order.amount, currency, language)}</b>
        <span role="status" class="badge">
          {texts.states[state]}
        </span>
      </p>
      {texts.hints[state] !== undefined && <p class="quiet">{texts.hints[state]}</p>}
      {state === "unpaid" && <OpenOrder own={own} name={name} visit={visit} acts={acts} look={look} />}
      {isStaff && payment !== undefined && <a href={`/console/payments/${payment.id}`}>{texts.timeLine}</a>}
    </li>
  );
}

/** What may be done about an order that waits for its money. */
function OpenOrder(props: {
  readonly own: OwnOrder;
  readonly name: string;
  readonly visit: Visit;
  readonly acts: Acts;
  look(): void;
}) {
  const { own, name, visit, acts, look } = props;
  const { order, payment } = own;
  const { texts, session } = visit;
  const purchase = useRef(new Purchase());
  const key = useRef(newKey());
  const pay = (): void =>
    acts.run(
      `pay ${order.id}`,
      async () => {
        const { id: oid, amount } = order;
        location.assign(
          payment === undefined
            ? await purchase.current.open({ oid, amount, name }, session.uid)
            : await paymentLink(payment.id, subjectOf(name)),
        );
      },
      look,
    );
  const cancel = (): void =>
    acts.run(
      `cancel ${order.id}`,
      async () => {
        try {
          await orders.update({ id: order.id, status: CANCELLED }, { idempotencyKey: key.current });
        } catch (error) {
          if (isRefused(error)) key.current = newKey();
          throw error;
        }
      },
      look,
    );
  const isBusy = acts.busy !== undefined;
  return (
    <p class="acts">
      <button
        type="button"
        aria-disabled={isBusy}
        onClick={pay}
        aria-label={`${texts.pay}: ${texts.order(order.id)}`}
      >
        {acts.busy === `pay ${order.id}` ? texts.buying : texts.pay}
      </button>
      <button
        type="button"
        class="plain"
        aria-disabled={isBusy}
        onClick={cancel}
        aria-label={`${texts.cancel}: ${texts.order(order.id)}`}
      >
        {acts.busy === `cancel ${order.id}` ? texts.buying : texts.cancel}
      </button>
    </p>
  );
}
