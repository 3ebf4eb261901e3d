import type { NotifyInfo } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ReplayButton } from "../acts/replay-button.tsx";
import { type Column, moment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { pageOf } from "../list/use-rows.ts";
import { NotificationButton } from "../payment/notification-button.tsx";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2];

/** What channels have posted and signed, the newest first. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"state" | "channel" | "subject">();
  const asked = defined({
    state: numberOf(filters.state),
    channel: filters.channel,
    subject: filters.subject,
  });
  const ask = async (before: number | undefined, limit: number) =>
    pageOf(await pay.notifyList({ ...asked, ...defined({ before }), limit }), limit);
  return (
    <List
      name="notifications"
      title={t("nav.notifications")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["notifications", asked], ask }}
      filters={
        <>
          <StateFilter
            group="notifyStates"
            states={STATES}
            value={filters.state}
            onChange={(value) => set("state", value)}
          />
          <TextFilter
            label={t("notify.channel")}
            value={filters.channel}
            onChange={(value) => set("channel", value)}
          />
          <TextFilter
            label={t("notify.subject")}
            value={filters.subject}
            onChange={(value) => set("subject", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<NotifyInfo>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    plain(t("notify.id"), 90, ({ id }) => id),
    state(t("notify.state"), "notifyStates", (row) => ({
      state: row.state,
      word: words("notifyStates", row.state),
    })),
    plain(t("notify.channel"), 120, ({ channel }) => channel),
    plain(t("notify.kind"), 100, ({ kind }) => words("notifyKinds", kind)),
    {
      ...plain(t("notify.subject"), 200, ({ subject }: NotifyInfo) => subject),
      show: ({ subject }) => <Link to={`/payments?text=${encodeURIComponent(subject)}`}>{subject}</Link>,
    },
    moment(t("notify.came"), ({ receivedAt }) => receivedAt / 1000),
    plain(t("notify.times"), 100, ({ received }) => received),
    plain(t("notify.event"), 260, ({ eventKey }) => eventKey),
    plain(t("notify.error"), 240, ({ error }) => error),
    {
      title: t("acts.title"),
      width: 260,
      show: (notify) => (
        <span className="acts">
          <NotificationButton id={notify.id} />
          <ReplayButton notify={notify} />
        </span>
      ),
    },
  ];
}
