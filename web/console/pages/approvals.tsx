import type { Approval } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { ApprovalButtons } from "../acts/approval-buttons.tsx";
import { type Column, moment, money, payment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { pageOf } from "../list/use-rows.ts";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2, 3];

/** What waits for a second person, or waited, the newest first. */
export function ApprovalsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"status" | "id">();
  const asked = defined({ status: numberOf(filters.status), id: numberOf(filters.id) });
  const ask = async (before: number | undefined, limit: number) =>
    pageOf(await pay.approvalList({ ...asked, ...defined({ before }), limit }), limit);
  return (
    <List
      name="approvals"
      title={t("nav.approvals")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["approvals", asked], ask }}
      filters={
        <>
          <NumberFilter
            label={t("approval.payment")}
            value={filters.id}
            onChange={(value) => set("id", value)}
          />
          <StateFilter
            group="approvalStates"
            states={STATES}
            value={filters.status}
            onChange={(value) => set("status", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<Approval>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    plain(t("approval.id"), 90, ({ id }) => id),
    state(t("approval.state"), "approvalStates", ({ status }) => ({
      state: status,
      word: words("approvalStates", status),
    })),
    plain(t("approval.act"), 190, ({ act }) => words("approvalActs", act)),
    money(t("approval.amount"), ({ amount, currency }) => ({ amount, currency })),
    payment(t("approval.payment"), ({ payId }) => payId),
    { title: t("acts.title"), width: 200, show: (approval) => <ApprovalButtons approval={approval} /> },
    plain(t("approval.by"), 120, ({ requestedBy }) => requestedBy),
    plain(t("approval.reason"), 220, ({ reason }) => reason),
    moment(t("approval.asked"), ({ createTime }) => createTime),
    moment(t("approval.expires"), ({ expireTime }) => expireTime),
    plain(t("approval.decidedBy"), 120, ({ decidedBy }) => decidedBy),
    moment(t("approval.decided"), ({ decidedTime }) => decidedTime),
    plain(t("approval.why"), 220, ({ decidedReason }) => decidedReason),
    plain(t("approval.refundNo"), 210, ({ refundNo }) => refundNo),
  ];
}
