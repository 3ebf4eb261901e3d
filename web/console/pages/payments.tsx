import type { SearchPayment } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { decimalText } from "../../shared/money.ts";
import { isoText, Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { type Column, List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2, 3, 4, 5];

/** All payments, the newest first. */
export function PaymentsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"status" | "uid" | "text">();
  const { text } = filters;
  const [status, uid] = [numberOf(filters.status), numberOf(filters.uid)];
  const ask = async (before: number | undefined, limit: number) => {
    const { payments, next } = await pay.search({ ...defined({ text, status, uid, before }), limit });
    return { rows: payments, next: nextOf(next) };
  };
  return (
    <List
      name="payments"
      title={t("nav.payments")}
      rowKey={({ payment }) => payment.id}
      columns={useColumns()}
      source={{ key: ["payments", { text, status, uid }], ask }}
      filters={
        <>
          <TextFilter label={t("list.text")} value={text} onChange={(value) => set("text", value)} />
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

function useColumns(): Column<SearchPayment>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    {
      key: "id",
      title: t("pay.id"),
      width: 100,
      show: ({ payment: { id } }) => (
        <Link to={`/payments/${id}`} aria-label={t("pay.open", { id })}>
          {id}
        </Link>
      ),
      csv: ({ payment }) => payment.id,
    },
    {
      key: "state",
      title: t("pay.state"),
      width: 140,
      show: ({ payment }) => <StateTag group="payStates" state={payment.status} />,
      csv: ({ payment }) => words("payStates", payment.status),
    },
    {
      key: "amount",
      title: t("pay.amount"),
      width: 140,
      isNumber: true,
      show: ({ payment: { amount, currency } }) => <Money amount={amount} currency={currency} />,
      csv: ({ payment: { amount, currency } }) => decimalText(amount, currency),
    },
    { key: "currency", title: t("pay.currency"), width: 0, csv: ({ payment }) => payment.currency },
    {
      key: "refunded",
      title: t("pay.refunded"),
      width: 130,
      isNumber: true,
      show: ({ payment: { refundedAmount, currency } }) =>
        refundedAmount === 0 ? "—" : <Money amount={refundedAmount} currency={currency} />,
      csv: ({ payment: { refundedAmount, currency } }) => decimalText(refundedAmount, currency),
    },
    {
      key: "opened",
      title: t("pay.opened"),
      width: 200,
      show: ({ createTime }) => <Moment at={createTime * 1000} />,
      csv: ({ createTime }) => isoText(createTime),
    },
    {
      key: "order",
      title: t("pay.order"),
      width: 90,
      show: ({ payment }) => payment.oid,
      csv: ({ payment }) => payment.oid,
    },
    {
      key: "user",
      title: t("pay.user"),
      width: 90,
      show: ({ payment }) => payment.uid,
      csv: ({ payment }) => payment.uid,
    },
    {
      key: "channel",
      title: t("pay.channel"),
      width: 110,
      show: ({ channel }) => channel,
      csv: ({ channel }) => channel,
    },
    {
      key: "tradeNo",
      title: t("pay.tradeNo"),
      width: 190,
      show: ({ outTradeNo }) => outTradeNo,
      csv: ({ outTradeNo }) => outTradeNo,
    },
    {
      key: "channelNo",
      title: t("pay.channelNo"),
      width: 270,
      show: ({ channelTradeNo }) => channelTradeNo,
      csv: ({ channelTradeNo }) => channelTradeNo,
    },
    {
      key: "paid",
      title: t("pay.paidAt"),
      width: 200,
      show: ({ payment }) => <Moment at={payment.paidTime * 1000} />,
      csv: ({ payment }) => isoText(payment.paidTime),
    },
    {
      key: "held",
      title: t("pay.held"),
      width: 220,
      show: ({ payment }) => payment.heldReason,
      csv: ({ payment }) => payment.heldReason,
    },
  ];
}
