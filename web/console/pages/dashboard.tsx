import type { StatisticsResponse, StatisticsRow } from "@mall/pay/api";
import { useQuery } from "@tanstack/react-query";
import { Alert, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { Chart } from "../dashboard/chart.tsx";
import { momentsOf, RANGES, type RangeName, rangeUntil } from "../dashboard/ranges.ts";
import { accountsOf, currenciesOf, pointsOf, successRate } from "../dashboard/series.ts";
import { useMoney, useShopCurrency } from "../format/money.tsx";
import { Trouble } from "../format/trouble.tsx";
import { useFilters } from "../list/use-filters.ts";
import { pay } from "../server/clients.ts";
import { useLanguage } from "../texts/i18n.ts";

const NAMES = Object.keys(RANGES) as RangeName[];
const LOOK_AGAIN_MS = 60_000;

/** What payments came to, from the last hour to the last year. */
export function DashboardPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"range">();
  const range = NAMES.find((name) => name === filters.range) ?? "day";
  const { data, error, refetch } = useQuery({
    queryKey: ["statistics", range],
    queryFn: async () => {
      const asked = rangeUntil(range, Date.now(), -new Date().getTimezoneOffset());
      return { ...(await pay.statistics(asked)), moments: momentsOf(asked) };
    },
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <title>{`${t("nav.dashboard")} · ${t("app.title")}`}</title>
      <div className="list-top">
        <h1>{t("nav.dashboard")}</h1>
        <Segmented
          aria-label={t("dashboard.range")}
          value={range}
          onChange={(name) => set("range", name)}
          options={NAMES.map((value) => ({ value, label: t(`dashboard.ranges.${value}`) }))}
        />
      </div>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <p className="loading">{t("app.loading")}</p>}
      {data?.isPartial === true && <Alert type="info" showIcon title={t("dashboard.partial")} />}
      {data !== undefined && <Charts data={data} isDaily={RANGES[range].bucket === "day"} />}
    </>
  );
}

interface ChartsProps {
  readonly data: StatisticsResponse & { readonly moments: readonly number[] };
  readonly isDaily: boolean;
}

function Charts({ data, isDaily }: ChartsProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const currencies = currenciesOf(data.totals);
  const prices = useShopCurrency();
  const [usual = prices] = currencies;
  const all = pointsOf(data.rows, usual, data.moments);
  const count = (value: number): string => String(value);
  const seconds = (value: number): string => t("dashboard.seconds", { count: value });
  return (
    <>
      <p className="quiet">{t("dashboard.open", { count: data.openAttempts })}</p>
      <div className="charts">
        {(currencies.length === 0 ? [usual] : currencies).map((currency) => (
          <Chart
            key={currency}
            title={`${t("dashboard.turnover")} (${currency})`}
            points={pointsOf(data.rows, currency, data.moments)}
            lines={[
              { key: "turnover", name: t("dashboard.turnover") },
              { key: "refunded", name: t("dashboard.refunded") },
            ]}
            tell={(value) => money(value, currency)}
            isDaily={isDaily}
          />
        ))}
        <Chart
          title={t("dashboard.payments")}
          points={all}
          lines={[
            { key: "opened", name: t("dashboard.opened") },
            { key: "successes", name: t("dashboard.successes") },
          ]}
          tell={count}
          isDaily={isDaily}
        />
        <Chart
          title={t("dashboard.time")}
          points={all}
          lines={[
            { key: "p50", name: t("dashboard.p50") },
            { key: "p95", name: t("dashboard.p95") },
          ]}
          tell={seconds}
          isDaily={isDaily}
        />
        <Chart
          title={t("dashboard.refused")}
          points={all}
          lines={[{ key: "refused", name: t("dashboard.refused") }]}
          tell={count}
          isDaily={isDaily}
        />
      </div>
      <Totals rows={accountsOf(data.totals)} />
    </>
  );
}

function Totals({ rows }: { readonly rows: readonly StatisticsRow[] }) {
  const { t } = useTranslation();
  const money = useMoney();
  const language = useLanguage();
  const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const heads = [
    "channel",
    "begun",
    "rate",
    "successes",
    "turnover",
    "refunded",
    "p50",
    "p95",
    "refused",
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section className="scrolls" aria-label={t("dashboard.byChannel")} tabIndex={0}>
      <h2>{t("dashboard.byChannel")}</h2>
      <table className="plain">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`dashboard.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.channel} ${row.currency}`}>
              <th scope="row">{row.channel}</th>
              <td>{row.begun}</td>
              <td>{rateText(successRate(row), share)}</td>
              <td>{row.successes}</td>
              <td>{row.currency === "" ? "—" : money(row.turnover, row.currency)}</td>
              <td>{row.currency === "" ? "—" : money(row.refunded, row.currency)}</td>
              <td>{t("dashboard.seconds", { count: row.p50 })}</td>
              <td>{t("dashboard.seconds", { count: row.p95 })}</td>
              <td>{row.refused}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rateText(rate: number | undefined, format: Intl.NumberFormat): string {
  return rate === undefined ? "—" : format.format(rate);
}
