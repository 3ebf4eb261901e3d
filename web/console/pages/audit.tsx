import type { AuditEntry } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { TraceLink } from "../format/trace-link.tsx";
import { type Column, moment, plain } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { orders, pay, products, users } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { DialogButton } from "../shell/dialog-button.tsx";

const SERVICES = { pay, order: orders, product: products, user: users } as const;
const NAMES = Object.keys(SERVICES) as (keyof typeof SERVICES)[];

/** What staff and operators did, by service, the newest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"service" | "who" | "subject" | "operation">();
  const service = NAMES.find((name) => name === filters.service) ?? "pay";
  const { who, subject, operation } = filters;
  const asked = defined({ who, subject, operation });
  const ask = async (before: number | undefined, limit: number) => {
    const { entries, next } = await SERVICES[service].auditList({ ...asked, ...defined({ before }), limit });
    return { rows: entries, next: nextOf(next) };
  };
  return (
    <List
      name={`audit-${service}`}
      title={t("nav.audit")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["audit", service, asked], ask }}
      filters={
        <>
          <StateFilter
            label={t("list.service")}
            group="services"
            states={NAMES}
            isNeeded
            value={service}
            onChange={(value) => set("service", value)}
          />
          <TextFilter label={t("facts.who")} value={who} onChange={(value) => set("who", value)} />
          <TextFilter label={t("facts.about")} value={subject} onChange={(value) => set("subject", value)} />
          <TextFilter
            label={t("facts.operation")}
            value={operation}
            onChange={(value) => set("operation", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<AuditEntry>[] {
  const { t } = useTranslation();
  return [
    moment(t("audit.when"), ({ createTime }) => createTime),
    plain(t("facts.who"), 150, ({ who }) => who),
    plain(t("facts.operation"), 220, ({ operation }) => operation),
    plain(t("facts.about"), 150, ({ subject }) => subject),
    {
      title: t("audit.change"),
      width: 140,
      show: ({ stateBefore, stateAfter }) => (
        <DialogButton label={t("audit.change")}>
          <div className="letter">
            <h3>{t("facts.before")}</h3>
            <pre>{stateBefore}</pre>
            <h3>{t("facts.after")}</h3>
            <pre>{stateAfter}</pre>
          </div>
        </DialogButton>
      ),
    },
    { title: t("facts.before"), width: 0, csv: ({ stateBefore }) => stateBefore },
    { title: t("facts.after"), width: 0, csv: ({ stateAfter }) => stateAfter },
    plain(t("facts.address"), 160, ({ address }) => address),
    {
      title: t("facts.traceId"),
      width: 300,
      show: ({ traceId }) => <TraceLink traceId={traceId} />,
      csv: ({ traceId }) => traceId,
    },
  ];
}
