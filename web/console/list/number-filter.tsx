import { Input } from "antd";
import { useEffect, useId, useState } from "react";

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  onChange(value: string | undefined): void;
}

/** Takes a number by hand; what is none is not taken. */
export function NumberFilter({ label, value = "", onChange }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const isBad = text !== "" && !/^[1-9]\d{0,14}$/.test(text);
  return (
    <span className="filter">
      <label htmlFor={id}>{label}</label>
      <Input.Search
        id={id}
        value={text}
        inputMode="numeric"
        allowClear
        {...(isBad ? { status: "error" as const } : {})}
        onChange={({ target }) => setText(target.value.trim())}
        onSearch={(found) => !isBad && onChange(found.trim() === "" ? undefined : found.trim())}
      />
    </span>
  );
}
