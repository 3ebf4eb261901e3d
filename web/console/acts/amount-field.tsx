import { decimalsOf } from "@mall/kit/currency";
import { InputNumber } from "antd";
import { useId } from "react";

interface Props {
  readonly label: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Minor units, as the two limits. */
  readonly amount: number;
  readonly min: number;
  readonly max: number;
  onChange(amount: number): void;
}

/** Takes an amount in the currency's main unit, and gives it in minor units. */
export function AmountField({ label, currency, amount, min, max, onChange }: Props) {
  const id = useId();
  const decimals = decimalsOf(currency);
  const unit = 10 ** decimals;
  return (
    <>
      <label htmlFor={id}>
        {label} ({currency})
      </label>
      <InputNumber
        id={id}
        className="wide"
        value={amount / unit}
        min={min / unit}
        max={max / unit}
        precision={decimals}
        onChange={(value) => onChange(Math.round((value ?? 0) * unit))}
      />
    </>
  );
}
