import type { RefundDetailResponse } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { decimalText } from "../../shared/money.ts";
import { SettleButtons } from "../acts/settle-buttons.tsx";
import { isoText, Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { type Column, List } from "../list/list.tsx";
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
  const { filters, set } = useFilters<"status" | "text">();
  const { text } = filters;
  const status = numberOf(filters.status);
  const ask = async (before: number | undefined, limit: number) => {
    const { refunds, next } = await pay.refundSearch({ ...defined({ text, status, before }), limit });
    return { rows: refunds, next: nextOf(next) };
  };
  return (
    <List
      name="refunds"
      title={t("nav.refunds")}
      rowKey={({ refundNo }) => refundNo}
      columns={useColumns()}
      source={{ key: ["refunds", { text, status }], ask }}
      filters={
        <>
          <TextFilter label={t("list.text")} value={text} onChange={(value) => set("text", value)} />
          <StateFilter
            group="refundStates"
            states={STATES}
            value={filters.status}
            onChange={(value) => set("status", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<RefundDetailResponse>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    {
      key: "no",
      title: t("refund.no"),
      width: 210,
      show: ({ refundNo }) => refundNo,
      csv: ({ refundNo }) => refundNo,
    },
    {
      key: "state",
      title: t("refund.state"),
      width: 130,
      show: ({ status }) => <StateTag group="refundStates" state={status} />,
      csv: ({ status }) => words("refundStates", status),
    },
    {
      key: "payment",
      title: t("refund.payment"),
      width: 100,
      show: ({ id }) => (
        <Link to={`/payments/${id}`} aria-label={t("pay.open", { id })}>
          {id}
        </Link>
      ),
      csv: ({ id }) => id,
    },
    {
      key: "amount",
      title: t("refund.amount"),
      width: 130,
      isNumber: true,
      show: ({ amount }) => <Money amount={amount} />,
      csv: ({ amount }) => decimalText(amount),
    },
    {
      key: "cause",
      title: t("refund.cause"),
      width: 160,
      show: ({ cause }) => words("causes", cause),
      csv: ({ cause }) => cause,
    },
    {
      key: "reason",
      title: t("refund.reason"),
      width: 220,
      show: ({ reason }) => reason,
      csv: ({ reason }) => reason,
    },
    {
      key: "channel",
      title: t("refund.channel"),
      width: 120,
      show: ({ channel }) => channel,
      csv: ({ channel }) => channel,
    },
    {
      key: "channelNo",
      title: t("refund.channelNo"),
      width: 220,
      show: ({ channelRefundNo }) => channelRefundNo,
      csv: ({ channelRefundNo }) => channelRefundNo,
    },
    {
      key: "by",
      title: t("refund.by"),
      width: 140,
      show: ({ requestedBy }) =>
        requestedBy === 0 ? t("refund.nobody") : t("app.user", { uid: requestedBy }),
      csv: ({ requestedBy }) => requestedBy,
    },
    {
      key: "asked",
      title: t("refund.asked"),
      width: 210,
      show: ({ createTime }) => <Moment at={createTime * 1000} />,
      csv: ({ createTime }) => isoText(createTime),
    },
    {
      key: "error",
      title: t("refund.error"),
      width: 240,
      show: ({ error }) => error,
      csv: ({ error }) => error,
    },
    {
      key: "acts",
      title: t("acts.title"),
      width: 260,
      show: (refund) => <SettleButtons refund={refund} />,
    },
  ];
}
