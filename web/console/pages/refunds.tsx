import type { RefundDetailResponse } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { SettleButtons } from "../acts/settle-buttons.tsx";
import { type Column, moment, money, payment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { RangeFilters } from "../list/range-filters.tsx";
import { type RangeName, rangesOf } from "../list/ranges.ts";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2, 3, 4];

/** All refunds, the newest first; those to be made by hand are settled here. */
export function RefundsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"status" | "text" | RangeName>();
  const { text } = filters;
  const ranges = rangesOf(filters);
  const status = numberOf(filters.status);
  const ask = async (before: number | undefined, limit: number) => {
    const { refunds, next } = await pay.refundSearch({
      ...ranges,
      ...defined({ text, status, before }),
      limit,
    });
    return { rows: refunds, next: nextOf(next) };
  };
  return (
    <List
      name="refunds"
      title={t("nav.refunds")}
      rowKey={({ refundNo }) => refundNo}
      columns={useColumns()}
      source={{ key: ["refunds", { text, status, ...ranges }], ask }}
      filters={
        <>
          <TextFilter label={t("list.text")} value={text} onChange={(value) => set("text", value)} />
          <StateFilter
            group="refundStates"
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

function useColumns(): Column<RefundDetailResponse>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    plain(t("refund.no"), 210, ({ refundNo }) => refundNo),
    state(t("refund.state"), "refundStates", ({ status }) => ({
      state: status,
      word: words("refundStates", status),
    })),
    payment(t("refund.payment"), ({ id }) => id),
    money(t("refund.amount"), (refund) => refund),
    { title: t("pay.currency"), width: 0, csv: ({ currency }) => currency },
    plain(t("refund.cause"), 160, ({ cause }) => words("causes", cause)),
    plain(t("refund.reason"), 220, ({ reason }) => reason),
    plain(t("refund.channel"), 120, ({ channel }) => channel),
    plain(t("refund.channelNo"), 270, ({ channelRefundNo }) => channelRefundNo),
    plain(t("refund.by"), 140, ({ requestedBy }) =>
      requestedBy === 0 ? t("refund.nobody") : t("app.user", { uid: requestedBy }),
    ),
    moment(t("refund.asked"), ({ createTime }) => createTime),
    plain(t("refund.error"), 240, ({ error }) => error),
    { title: t("acts.title"), width: 290, show: (refund) => <SettleButtons refund={refund} /> },
  ];
}
