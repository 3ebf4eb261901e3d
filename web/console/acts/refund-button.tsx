import type { DetailResponse } from "@mall/pay/api";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMoney } from "../format/money.tsx";
import { pay } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";
import { AmountField } from "./amount-field.tsx";
import { Compare } from "./compare.tsx";

const REASON_MAX = 255;

interface Props {
  readonly payment: DetailResponse;
  /** What may still be given back, minor units. */
  readonly left: number;
}

/** Gives a payment back, or a part of it. */
export function RefundButton({ payment, left }: Props) {
  const { t } = useTranslation();
  const text = useMoney();
  const { id, currency } = payment;
  const [amount, setAmount] = useState<number>(left);
  const [reason, setReason] = useState("");
  const reasonId = useId();
  return (
    <ActButton
      label={t("acts.refund")}
      isGrave
      isReady={amount > 0 && amount <= left}
      onOpen={() => {
        setAmount(left);
        setReason("");
      }}
      // The key names the refund too: asked for again, it is the same one.
      act={(key) => pay.refund({ id, refundNo: `console-${key}`, amount, reason }, { idempotencyKey: key })}
      preview={
        <>
          <AmountField
            label={t("acts.refundAmount")}
            currency={currency}
            amount={amount}
            min={1}
            max={left}
            onChange={setAmount}
          />
          <p className="quiet">{t("acts.left", { amount: text(left, currency) })}</p>
          <label htmlFor={reasonId}>{t("acts.refundReason")}</label>
          <Input
            id={reasonId}
            value={reason}
            maxLength={REASON_MAX}
            onChange={({ target }) => setReason(target.value)}
          />
          <p>{t("acts.refundWill", { amount: text(amount, currency) })}</p>
          <Compare
            rows={[
              {
                name: t("acts.refundLeft"),
                now: text(left, currency),
                after: text(Math.max(0, left - amount), currency),
              },
            ]}
          />
        </>
      }
    />
  );
}
