import type { NotifyRefused } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { type Column, moment, plain } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { useFilters } from "../list/use-filters.ts";
import { pageOf } from "../list/use-rows.ts";
import { Letter } from "../payment/letter.tsx";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { DialogButton } from "../shell/dialog-button.tsx";

/** As many as one answer may have. */
const LIMIT_MAX = 100;

/** What came in a channel's name and was not signed by it, the newest first. */
export function RefusedPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"channel">();
  const asked = defined({ channel: filters.channel });
  const ask = async (before: number | undefined, wanted: number) => {
    const limit = Math.min(wanted, LIMIT_MAX);
    return pageOf(await pay.notifyRefusedList({ ...asked, ...defined({ before }), limit }), limit);
  };
  return (
    <List
      name="refused-notifications"
      title={t("nav.refused")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["refused", asked], ask }}
      filters={
        <TextFilter
          label={t("notify.channel")}
          value={filters.channel}
          onChange={(value) => set("channel", value)}
        />
      }
    />
  );
}

function useColumns(): Column<NotifyRefused>[] {
  const { t } = useTranslation();
  return [
    plain(t("notify.channel"), 120, ({ channel }) => channel),
    plain(t("notify.reason"), 190, ({ reason }) => reason),
    plain(t("notify.error"), 340, ({ error }) => error),
    plain(t("notify.times"), 120, ({ count }) => count),
    moment(t("notify.came"), ({ receivedAt }) => receivedAt / 1000),
    {
      title: t("notify.look"),
      width: 140,
      show: ({ headers, body, isCut }) => (
        <DialogButton label={t("notify.look")}>
          {isCut && <p className="quiet">{t("notify.isCut")}</p>}
          <Letter headers={headers} body={body} />
        </DialogButton>
      ),
    },
  ];
}
