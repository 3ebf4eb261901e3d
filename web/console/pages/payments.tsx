import type { DetailResponse } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { type Column, List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { pay } from "../server/clients.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2, 3, 4, 5];

/** All payments, the newest first. */
export function PaymentsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"status" | "uid">();
  const [status, uid] = [numberOf(filters.status), numberOf(filters.uid)];
  return (
    <List
      name="payments"
      title={t("nav.payments")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{
        key: ["payments", { status, uid }],
        ask: (before: number | undefined, limit) => pay.list({ ...defined({ status, uid, before }), limit }),
        cursorOf: ({ id }) => id,
      }}
      filters={
        <>
          <StateFilter
            group="payStates"
            states={STATES}
            value={filters.status}
            onChange={(value) => set("status", value)}
          />
          <NumberFilter label={t("list.user")} value={filters.uid} onChange={(value) => set("uid", value)} />
        </>
      }
    />
  );
}

function useColumns(): Column<DetailResponse>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    {
      key: "id",
      title: t("pay.id"),
      width: 110,
      show: ({ id }) => (
        <Link to={`/payments/${id}`} aria-label={t("pay.open", { id })}>
          {id}
        </Link>
      ),
      csv: ({ id }) => id,
    },
    {
      key: "state",
      title: t("pay.state"),
      width: 150,
      show: ({ status }) => <StateTag group="payStates" state={status} />,
      csv: ({ status }) => words("payStates", status),
    },
    {
      key: "amount",
      title: t("pay.amount"),
      width: 150,
      isNumber: true,
      show: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
      csv: ({ amount }) => amount,
    },
    {
      key: "currency",
      title: t("pay.currency"),
      width: 90,
      show: ({ currency }) => currency,
      csv: ({ currency }) => currency,
    },
    {
      key: "refunded",
      title: t("pay.refunded"),
      width: 150,
      isNumber: true,
      show: ({ refundedAmount, currency }) =>
        refundedAmount === 0 ? "—" : <Money amount={refundedAmount} currency={currency} />,
      csv: ({ refundedAmount }) => refundedAmount,
    },
    { key: "order", title: t("pay.order"), width: 110, show: ({ oid }) => oid, csv: ({ oid }) => oid },
    { key: "user", title: t("pay.user"), width: 110, show: ({ uid }) => uid, csv: ({ uid }) => uid },
    {
      key: "source",
      title: t("pay.source"),
      width: 130,
      show: ({ source }) => words("sources", source),
      csv: ({ source }) => words("sources", source),
    },
    {
      key: "paid",
      title: t("pay.paidAt"),
      width: 210,
      show: ({ paidTime }) => <Moment at={paidTime * 1000} />,
      csv: ({ paidTime }) => (paidTime === 0 ? "" : new Date(paidTime * 1000).toISOString()),
    },
    {
      key: "held",
      title: t("pay.held"),
      width: 220,
      show: ({ heldReason }) => heldReason,
      csv: ({ heldReason }) => heldReason,
    },
  ];
}

/** Without what is undefined, which requests leave out. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
