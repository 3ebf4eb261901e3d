import { Input } from "antd";
import { useEffect, useId, useState } from "react";

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  /** What is taken as it is typed; any text by default. */
  readonly allowed?: RegExp;
  onChange(value: string | undefined): void;
}

/** Takes a text when it is entered, and nothing that is not allowed. */
export function TextFilter({ label, value = "", allowed, onChange }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const isBad = text !== "" && allowed?.test(text) === false;
  const enter = (found: string): void => {
    if (!isBad) onChange(found.trim() === "" ? undefined : found.trim());
  };
  return (
    <span className="filter">
      <label htmlFor={id}>{label}</label>
      <Input.Search
        id={id}
        value={text}
        maxLength={128}
        allowClear
        {...(isBad ? { status: "error" as const } : {})}
        onChange={({ target }) => setText(target.value)}
        onSearch={enter}
      />
    </span>
  );
}
