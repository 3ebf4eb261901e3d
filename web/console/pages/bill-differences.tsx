import type { Bill, BillDifference } from "@mall/pay/api";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CompareBillButton } from "../acts/compare-bill-button.tsx";
import { SettleDifferenceButton } from "../acts/settle-difference-button.tsx";
import { billState, isOnTheWay } from "../format/bill-state.ts";
import { Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { Trouble } from "../format/trouble.tsx";
import { type Column, moment, PaymentLink, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { pageOf } from "../list/use-rows.ts";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1, 2];
const LOOK_AGAIN_MS = 3_000;

/** What a bill and the payments say differently, or all bills, the newest first; with what to do, and settled here. */
export function BillDifferencesPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"bill" | "state">();
  const billId = numberOf(filters.bill);
  const asked = defined({ billId, state: numberOf(filters.state) });
  const ask = async (before: number | undefined, limit: number) =>
    pageOf(await pay.billDifferenceList({ ...asked, ...defined({ before }), limit }), limit);
  return (
    <List
      name="bill-differences"
      title={t("billDifference.title")}
      isProse
      rowKey={({ id }) => id}
      columns={useColumns()}
      empty={t("billDifference.none")}
      source={{ key: ["bill-differences", asked], ask }}
      about={billId !== undefined && <AboutBill id={billId} />}
      filters={
        <>
          <NumberFilter
            label={t("bill.number")}
            value={filters.bill}
            onChange={(value) => set("bill", value)}
          />
          <StateFilter
            group="billDifferenceStates"
            states={STATES}
            value={filters.state}
            onChange={(value) => set("state", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<BillDifference>[] {
  const { t } = useTranslation();
  const words = useWords();
  const next = ({ kind, next: told }: BillDifference): string => {
    const word = words("billDifferenceDo", kind);
    // What a later version found is told in the server's words.
    return word === kind ? told : word;
  };
  return [
    plain(t("billDifference.kind"), 0, ({ kind }) => words("billDifferenceKinds", kind)),
    state(t("billDifference.state"), "billDifferenceStates", (row) => ({
      state: row.state,
      word: words("billDifferenceStates", row.state),
    })),
    plain(t("billDifference.text"), 0, ({ text }) => text),
    plain(t("billDifference.next"), 0, next),
    {
      title: t("billDifference.payment"),
      width: 0,
      show: ({ payId }) => <PaymentLink id={payId} />,
      csv: ({ payId }) => (payId === 0 ? "" : payId),
    },
    plain(t("billDifference.subject"), 0, ({ subject }) => subject),
    {
      title: t("billDifference.bill"),
      width: 0,
      show: ({ billId, channel, day }) => (
        <Link to={`/bills/differences?bill=${billId}`}>{t("bill.title", { account: channel, day })}</Link>
      ),
      csv: ({ channel, day }) => t("bill.title", { account: channel, day }),
    },
    moment(t("billDifference.found"), ({ foundTime }) => foundTime),
    moment(t("billDifference.ended"), ({ endedTime }) => endedTime),
    plain(t("billDifference.settledBy"), 0, ({ settledBy }) => settledBy),
    plain(t("billDifference.note"), 0, ({ note }) => note),
    {
      title: t("acts.title"),
      width: 0,
      show: (difference) => <SettleDifferenceButton difference={difference} />,
    },
  ];
}

/** What a bill came to. */
function AboutBill({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["bill", id],
    // The list goes from the newest to the oldest, and this one is the first that is no newer.
    queryFn: async () =>
      (await pay.billList({ before: id + 1, limit: 1 })).find((bill) => bill.id === id) ?? null,
    refetchInterval: ({ state: { data: bill } }) => bill != null && isOnTheWay(bill) && LOOK_AGAIN_MS,
  });
  if (error !== null) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === null) return <p className="nothing">{t("bill.gone")}</p>;
  // That something is on its way is said by the list.
  return data === undefined ? null : <BillFacts bill={data} />;
}

function BillFacts({ bill }: { readonly bill: Bill }) {
  const { t } = useTranslation();
  const { id, channel, day, comparedTime, notKept, error } = bill;
  return (
    <section className="bill" aria-labelledby="bill">
      <h2 id="bill">
        {t("bill.title", { account: channel, day })} <StateTag group="billStates" state={billState(bill)} />
      </h2>
      {error !== "" && <p role="alert">{error}</p>}
      {comparedTime > 0 && (
        <p className="quiet">
          {t("bill.compared")} <Moment at={comparedTime * 1000} />
        </p>
      )}
      <Sums bill={bill} />
      {notKept > 0 && <p>{t("bill.notKept", { count: notKept })}</p>}
      <p className="acts">
        <CompareBillButton key={id} bill={bill} /> <Link to="/bills">{t("bill.all")}</Link>
      </p>
    </section>
  );
}

function Sums({ bill: { sums, payments, refunds } }: { readonly bill: Bill }) {
  const { t } = useTranslation();
  const titles = [t("bill.paid"), t("bill.refunded"), t("bill.fees"), t("bill.feesBack")];
  return (
    <>
      <p>
        {t("bill.payments")}: {payments} · {t("bill.refunds")}: {refunds}
      </p>
      {sums.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section className="scrolls" aria-label={t("bill.paid")} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("pay.currency")}</th>
                {titles.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sums.map(({ currency, paid, refunded, fees, feesBack }) => (
                <tr key={currency}>
                  <th scope="row">{currency}</th>
                  {[paid, refunded, fees, feesBack].map((amount, at) => (
                    <td key={titles[at]}>
                      <Money amount={amount} currency={currency} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
