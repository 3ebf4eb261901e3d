import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { decimalText } from "../../shared/money.ts";
import { isoText, Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import type { Texts } from "../texts/en.ts";

/** What is shown of each row, and written of it into a file. */
export interface Column<Row> {
  /** Its name as well. */
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly isNumber?: boolean;
  /** Nothing by default: the column is in files only. */
  readonly show?: (row: Row) => ReactNode;
  /** What a file has; nothing by default: the column is on the screen only. */
  readonly csv?: (row: Row) => string | number;
}

/** A text or number, the same on the screen and in a file. */
export function plain<Row>(title: string, width: number, value: (row: Row) => string | number): Column<Row> {
  return { title, width, show: value, csv: value };
}

/** A moment in Unix seconds, 0 for none. */
export function moment<Row>(title: string, seconds: (row: Row) => number): Column<Row> {
  return {
    title,
    width: 200,
    show: (row) => <Moment at={seconds(row) * 1000} />,
    csv: (row) => isoText(seconds(row)),
  };
}

/** An amount in minor units; 0 is shown as nothing where that is usual. */
export function money<Row>(
  title: string,
  of: (row: Row) => { readonly amount: number; readonly currency: string },
  isRare = false,
): Column<Row> {
  return {
    title,
    width: 140,
    isNumber: true,
    show: (row) => {
      const { amount, currency } = of(row);
      return isRare && amount === 0 ? "—" : <Money amount={amount} currency={currency} />;
    },
    csv: (row) => decimalText(of(row).amount, of(row).currency),
  };
}

/** A state as a tag; its word in a file. */
export function state<Row>(
  title: string,
  group: keyof Texts,
  of: (row: Row) => { readonly state: string | number; readonly word: string },
): Column<Row> {
  return {
    title,
    width: 140,
    show: (row) => <StateTag group={group} state={of(row).state} />,
    csv: (row) => of(row).word,
  };
}

/** A payment's number, which leads to it; 0 for none. */
export function payment<Row>(title: string, id: (row: Row) => number): Column<Row> {
  return { title, width: 100, show: (row) => <PaymentLink id={id(row)} />, csv: id };
}

/** Leads to a payment. */
export function PaymentLink({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  if (id === 0) return <>—</>;
  return (
    <Link to={`/payments/${id}`} aria-label={t("pay.open", { id })}>
      {id}
    </Link>
  );
}
