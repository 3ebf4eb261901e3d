import { Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Texts } from "../texts/en.ts";
import { useWords } from "../texts/i18n.ts";

interface Props {
  /** What the states are; "State" by default. */
  readonly label?: string;
  /** True where one has to be chosen. */
  readonly isNeeded?: boolean;
  /** Words of the states. */
  readonly group: keyof Texts;
  readonly states: readonly (string | number)[];
  /** Undefined: all. */
  readonly value: string | undefined;
  onChange(value: string | undefined): void;
}

/** Chooses one state, or all of them. */
export function StateFilter({ label, isNeeded = false, group, states, value, onChange }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const id = useId();
  const options = [
    ...(isNeeded ? [] : [{ value: "", label: t("list.any") }]),
    ...states.map((state) => ({ value: String(state), label: words(group, state) })),
  ];
  return (
    <span className="filter">
      <label htmlFor={id}>{label ?? t("list.state")}</label>
      <Select
        id={id}
        className="filter-select"
        value={value ?? ""}
        options={options}
        onChange={(chosen) => onChange(chosen === "" ? undefined : chosen)}
      />
    </span>
  );
}
