import { Input } from "antd";
import { useContext, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { SessionContext } from "../shell/session-context.ts";
import { amountPattern, amountText, localText, minorUnitsOf, type RangeName, secondsOf } from "./ranges.ts";
import { TextFilter } from "./text-filter.tsx";
import { numberOf } from "./use-filters.ts";

interface Props {
  readonly filters: Readonly<Partial<Record<RangeName, string>>>;
  set(name: RangeName, value: string | undefined): void;
}

/** Narrows a list to a time and to amounts. */
export function RangeFilters({ filters, set }: Props) {
  const { t } = useTranslation();
  const { currency } = useContext(SessionContext);
  const amount = (name: "amountMin" | "amountMax") => (
    <TextFilter
      label={t(`list.${name}`, { currency })}
      value={amountText(filters[name], currency)}
      allowed={amountPattern(currency)}
      onChange={(text) => set(name, text && String(minorUnitsOf(text, currency)))}
    />
  );
  return (
    <>
      <TimeFilter label={t("list.from")} value={filters.from} onChange={(value) => set("from", value)} />
      <TimeFilter label={t("list.to")} value={filters.to} onChange={(value) => set("to", value)} />
      {amount("amountMin")}
      {amount("amountMax")}
    </>
  );
}

interface TimeProps {
  readonly label: string;
  /** Unix seconds. */
  readonly value: string | undefined;
  onChange(value: string | undefined): void;
}

/** Takes a moment by the viewer's clock. */
function TimeFilter({ label, value, onChange }: TimeProps) {
  const id = useId();
  const [text, setText] = useState("");
  useEffect(() => setText(localText(numberOf(value))), [value]);
  const enter = (found: string): void => {
    setText(found);
    const seconds = secondsOf(found);
    if (found === "") onChange(undefined);
    else if (seconds !== undefined) onChange(String(seconds));
  };
  return (
    <span className="filter">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="datetime-local"
        value={text}
        onChange={({ target }) => enter(target.value)}
        allowClear
      />
    </span>
  );
}
