import type { Bill, BillSum } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { decimalText } from "../../shared/money.ts";
import { CompareBillButton } from "../acts/compare-bill-button.tsx";
import { billState, isOnTheWay } from "../format/bill-state.ts";
import { useMoney } from "../format/money.tsx";
import { type Column, moment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { useFilters } from "../list/use-filters.ts";
import { pageOf } from "../list/use-rows.ts";
import { pay } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

/** Account names as they may be written. */
const ACCOUNT = /^\s*[a-z0-9-]{1,16}\s*$/;

/** What each account's channel says of each day, and whether the payments say the same; the newest first. */
export function BillsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"channel">();
  const asked = defined({ channel: filters.channel });
  const ask = async (before: number | undefined, limit: number) =>
    pageOf(await pay.billList({ ...asked, ...defined({ before }), limit }), limit);
  return (
    <List
      name="bills"
      title={t("nav.bills")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      {...(filters.channel === undefined ? { empty: t("bill.none") } : {})}
      source={{ key: ["bills", asked], ask, isMoving: isOnTheWay }}
      filters={
        <TextFilter
          label={t("bill.account")}
          value={filters.channel}
          allowed={ACCOUNT}
          onChange={(value) => set("channel", value)}
        />
      }
    />
  );
}

function useColumns(): Column<Bill>[] {
  const { t } = useTranslation();
  const words = useWords();
  const sums = useSumsColumn();
  return [
    {
      title: t("bill.day"),
      width: 120,
      show: ({ id, channel, day }) => (
        <Link to={`/bills/differences?bill=${id}`} aria-label={t("bill.look", { account: channel, day })}>
          {day}
        </Link>
      ),
      csv: ({ day }) => day,
    },
    plain(t("bill.account"), 120, ({ channel }) => channel),
    state(t("bill.state"), "billStates", (bill) => ({
      state: billState(bill),
      word: words("billStates", billState(bill)),
    })),
    {
      title: t("bill.open"),
      width: 160,
      isNumber: true,
      show: (bill) => <OpenDifferences bill={bill} />,
      csv: ({ open }) => open,
    },
    sums(t("bill.paid"), ({ paid }) => paid),
    sums(t("bill.refunded"), ({ refunded }) => refunded),
    sums(t("bill.fees"), ({ fees }) => fees),
    sums(t("bill.feesBack"), ({ feesBack }) => feesBack),
    plain(t("bill.payments"), 100, ({ payments }) => payments),
    plain(t("bill.refunds"), 100, ({ refunds }) => refunds),
    plain(t("bill.others"), 100, ({ others }) => others),
    plain(t("bill.atEdge"), 160, ({ atEdge }) => atEdge),
    plain(t("bill.differences"), 140, ({ differences }) => differences),
    plain(t("bill.unbookedFees"), 160, ({ unbookedFees }) => unbookedFees),
    moment(t("bill.compared"), ({ comparedTime }) => comparedTime),
    plain(t("bill.error"), 300, ({ error }) => error),
    { title: t("acts.title"), width: 170, show: (bill) => <CompareBillButton bill={bill} /> },
  ];
}

/** Leads to what of a bill waits for somebody. */
function OpenDifferences({ bill: { id, channel, day, open } }: { readonly bill: Bill }) {
  const { t } = useTranslation();
  if (open === 0) return <>0</>;
  return (
    <Link
      to={`/bills/differences?bill=${id}&state=0`}
      aria-label={t("bill.openOf", { count: open, account: channel, day })}
    >
      {open}
    </Link>
  );
}

/** A column of amounts, one of each currency. */
function useSumsColumn() {
  const text = useMoney();
  return (title: string, amountOf: (sum: BillSum) => number): Column<Bill> => {
    const told = ({ sums }: Bill): BillSum[] => sums.filter((sum) => amountOf(sum) !== 0);
    return {
      title,
      width: 170,
      isNumber: true,
      show: (bill) => {
        const texts = told(bill).map((sum) => text(amountOf(sum), sum.currency));
        const all = texts.join(" + ");
        return all === "" ? (
          "—"
        ) : (
          <span className="money" title={all}>
            {all}
          </span>
        );
      },
      csv: (bill) =>
        told(bill)
          .map((sum) => `${decimalText(amountOf(sum), sum.currency)} ${sum.currency}`)
          .join(" + "),
    };
  };
}
