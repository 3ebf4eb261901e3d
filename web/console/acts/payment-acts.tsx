import type { DetailResponse } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { useMoney } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { pay } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";
import { RefundButton } from "./refund-button.tsx";
import { SyncButton } from "./sync-button.tsx";

const STATE = { open: 0, paid: 1, closed: 2, partlyRefunded: 4, held: 5 } as const;

/** What may be done about a payment, as its state is. */
export function PaymentActs({ payment }: { readonly payment: DetailResponse }) {
  const { status } = payment;
  const left = payment.amount - payment.refundedAmount - payment.refundingAmount;
  const isRefundable = (status === STATE.paid || status === STATE.partlyRefunded) && left > 0;
  return (
    <div className="acts">
      <SyncButton id={payment.id} />
      {status === STATE.open && <CloseButton payment={payment} />}
      {isRefundable && <RefundButton payment={payment} left={left} />}
      {status === STATE.held && <ResolveButtons payment={payment} />}
    </div>
  );
}

function CloseButton({ payment }: { readonly payment: DetailResponse }) {
  const { t } = useTranslation();
  const { id } = payment;
  return (
    <ActButton
      label={t("acts.close")}
      isGrave
      preview={
        <>
          <p>{t("acts.closeWill")}</p>
          <Becomes payment={payment} state={STATE.closed} />
        </>
      }
      act={(idempotencyKey) => pay.close({ id }, { idempotencyKey })}
    />
  );
}

function ResolveButtons({ payment }: { readonly payment: DetailResponse }) {
  const { t } = useTranslation();
  const text = useMoney();
  const { id } = payment;
  return (
    <>
      <ActButton
        label={t("acts.accept")}
        preview={
          <>
            <p>{t("acts.acceptWill", { amount: text(payment.amount, payment.currency) })}</p>
            <Becomes payment={payment} state={STATE.paid} />
          </>
        }
        act={(idempotencyKey) => pay.resolve({ id, decision: "accept" }, { idempotencyKey })}
      />
      <ActButton
        label={t("acts.giveBack")}
        isGrave
        preview={
          <>
            <p>{t("acts.giveBackWill")}</p>
            <Becomes payment={payment} state={STATE.closed} />
          </>
        }
        act={(idempotencyKey) => pay.resolve({ id, decision: "refund" }, { idempotencyKey })}
      />
    </>
  );
}

function Becomes({ payment, state }: { readonly payment: DetailResponse; readonly state: number }) {
  const { t } = useTranslation();
  return (
    <Compare
      rows={[
        {
          name: t("pay.title", { id: payment.id }),
          now: <StateTag group="payStates" state={payment.status} />,
          after: <StateTag group="payStates" state={state} />,
        },
      ]}
    />
  );
}
