import type { SearchPayment } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { type Column, moment, money, payment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { RangeFilters } from "../list/range-filters.tsx";
import { type RangeName, rangesOf } from "../list/ranges.ts";
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
  const { filters, set } = useFilters<"status" | "uid" | "text" | RangeName>();
  const { text } = filters;
  const ranges = rangesOf(filters);
  const [status, uid] = [numberOf(filters.status), numberOf(filters.uid)];
  const ask = async (before: number | undefined, limit: number) => {
    const { payments, next } = await pay.search({
      ...ranges,
      ...defined({ text, status, uid, before }),
      limit,
    });
    return { rows: payments, next: nextOf(next) };
  };
  return (
    <List
      name="payments"
      title={t("nav.payments")}
      rowKey={({ payment }) => payment.id}
      columns={useColumns()}
      source={{ key: ["payments", { text, status, uid, ...ranges }], ask }}
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
          <RangeFilters filters={filters} set={set} />
        </>
      }
    />
  );
}

function useColumns(): Column<SearchPayment>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    payment(t("pay.id"), ({ payment: { id } }) => id),
    state(t("pay.state"), "payStates", ({ payment: { status } }) => ({
      state: status,
      word: words("payStates", status),
    })),
    money(t("pay.amount"), (row) => row.payment),
    { title: t("pay.currency"), width: 0, csv: (row) => row.payment.currency },
    money(
      t("pay.refunded"),
      ({ payment: { refundedAmount, currency } }) => ({ amount: refundedAmount, currency }),
      true,
    ),
    moment(t("pay.opened"), ({ createTime }) => createTime),
    plain(t("pay.order"), 90, (row) => row.payment.oid),
    plain(t("pay.user"), 90, (row) => row.payment.uid),
    plain(t("pay.channel"), 110, ({ channel }) => channel),
    plain(t("pay.tradeNo"), 190, ({ outTradeNo }) => outTradeNo),
    plain(t("pay.channelNo"), 270, ({ channelTradeNo }) => channelTradeNo),
    moment(t("pay.paidAt"), (row) => row.payment.paidTime),
    plain(t("pay.held"), 220, (row) => words("heldReasons", row.payment.heldReason)),
  ];
}
