import type { Bill } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { BILL_WAITS, billState, isOnTheWay } from "../format/bill-state.ts";
import { StateTag } from "../format/state-tag.tsx";
import { pay } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

/** Has a day's bill fetched and compared anew; nothing where that is under way. */
export function CompareBillButton({ bill }: { readonly bill: Bill }) {
  const { t } = useTranslation();
  if (isOnTheWay(bill)) return null;
  const { id, channel, day } = bill;
  return (
    <ActButton
      label={t("acts.compareBill")}
      preview={
        <>
          <p>{t("acts.compareBillWill")}</p>
          <Compare
            rows={[
              {
                name: t("bill.title", { account: channel, day }),
                now: <StateTag group="billStates" state={billState(bill)} />,
                after: <StateTag group="billStates" state={BILL_WAITS} />,
              },
            ]}
          />
        </>
      }
      act={(idempotencyKey) => pay.billCompare({ id }, { idempotencyKey })}
    />
  );
}
