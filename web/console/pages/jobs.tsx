import type { Job } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { JobActs } from "../acts/job-acts.tsx";
import { type Column, moment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { orders, pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2, 3];
/** Those that have jobs. */
const SERVICES = { pay, order: orders } as const;

/** What must follow changes that were stored, by service. */
export function JobsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"service" | "state" | "kind" | "key">();
  const service = filters.service === "order" ? "order" : "pay";
  const asked = defined({ state: numberOf(filters.state), kind: filters.kind, key: filters.key });
  const ask = async (before: number | undefined, limit: number) => {
    const { jobs, next } = await SERVICES[service].jobList({ ...asked, ...defined({ before }), limit });
    return { rows: jobs, next: nextOf(next) };
  };
  return (
    <List
      name={`jobs-${service}`}
      title={t("nav.jobs")}
      rowKey={({ id }) => id}
      columns={useColumns(service)}
      source={{ key: ["jobs", service, asked], ask }}
      filters={
        <>
          <StateFilter
            label={t("list.service")}
            group="services"
            states={Object.keys(SERVICES)}
            isNeeded
            value={service}
            onChange={(value) => set("service", value)}
          />
          <StateFilter
            group="jobStates"
            states={STATES}
            value={filters.state}
            onChange={(value) => set("state", value)}
          />
          <TextFilter label={t("job.kind")} value={filters.kind} onChange={(value) => set("kind", value)} />
          <TextFilter label={t("job.key")} value={filters.key} onChange={(value) => set("key", value)} />
        </>
      }
    />
  );
}

function useColumns(service: keyof typeof SERVICES): Column<Job>[] {
  const { t } = useTranslation();
  const words = useWords();
  const client = SERVICES[service];
  return [
    plain(t("job.id"), 90, ({ id }) => id),
    state(t("job.state"), "jobStates", (row) => ({ state: row.state, word: words("jobStates", row.state) })),
    plain(t("job.kind"), 190, ({ kind }) => kind),
    plain(t("job.key"), 190, ({ key }) => key),
    moment(t("job.made"), ({ createTime }) => createTime),
    moment(t("job.due"), ({ dueTime }) => dueTime),
    plain(t("job.attempts"), 90, ({ attempts }) => attempts),
    plain(t("job.failures"), 90, ({ failures }) => failures),
    plain(t("job.error"), 320, ({ error }) => error),
    { title: t("acts.title"), width: 280, show: (job) => <JobActs client={client} job={job} /> },
  ];
}
