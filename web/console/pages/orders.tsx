import type { FoundOrder } from "@mall/order/api";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CancelOrderButton } from "../acts/cancel-order-button.tsx";
import { useShopCurrency } from "../format/money.tsx";
import { type Column, moment, money, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { RangeFilters } from "../list/range-filters.tsx";
import { type RangeName, rangesOf } from "../list/ranges.ts";
import { StateFilter } from "../list/state-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { orders } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2, 9];

/** All orders, the newest first. */
export function OrdersPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"id" | "uid" | "pid" | "status" | RangeName>();
  const asked = {
    ...rangesOf(filters),
    ...defined({
      id: numberOf(filters.id),
      uid: numberOf(filters.uid),
      pid: numberOf(filters.pid),
      status: numberOf(filters.status),
    }),
  };
  const ask = async (before: number | undefined, limit: number) => {
    const { orders: rows, next } = await orders.search({ ...asked, ...defined({ before }), limit });
    return { rows, next: nextOf(next) };
  };
  return (
    <List
      name="orders"
      title={t("nav.orders")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["orders", asked], ask }}
      filters={
        <>
          <NumberFilter label={t("order.id")} value={filters.id} onChange={(value) => set("id", value)} />
          <NumberFilter label={t("order.user")} value={filters.uid} onChange={(value) => set("uid", value)} />
          <NumberFilter
            label={t("order.product")}
            value={filters.pid}
            onChange={(value) => set("pid", value)}
          />
          <StateFilter
            group="orderStates"
            states={STATES}
            value={filters.status}
            onChange={(value) => set("status", value)}
          />
          <RangeFilters filters={filters} set={set} />
        </>
      }
    />
  );
}

function useColumns(): Column<FoundOrder>[] {
  const { t } = useTranslation();
  const currency = useShopCurrency();
  const words = useWords();
  return [
    plain(t("order.id"), 90, ({ id }) => id),
    state(t("order.state"), "orderStates", ({ status }) => ({
      state: status,
      word: words("orderStates", status),
    })),
    money(t("order.amount"), ({ amount }) => ({ amount, currency })),
    { title: t("acts.title"), width: 170, show: (order) => <CancelOrderButton order={order} /> },
    plain(t("order.num"), 90, ({ num }) => num),
    plain(t("order.user"), 90, ({ uid }) => uid),
    plain(t("order.product"), 90, ({ pid }) => pid),
    moment(t("order.created"), ({ createTime }) => createTime),
    moment(t("order.expires"), ({ expireTime }) => expireTime),
    {
      title: t("order.payments"),
      width: 140,
      show: ({ id }) => <Link to={`/payments?text=${id}`}>{t("order.payments")}</Link>,
    },
  ];
}
