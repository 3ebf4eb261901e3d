import type { RefundDetailResponse } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { useMoney } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { pay } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const BY_HAND = 4;
const [MADE, FAILED] = [2, 3];

/** Says what came of a refund that somebody makes by hand; nothing for all others. */
export function SettleButtons({ refund }: { readonly refund: RefundDetailResponse }) {
  const { t } = useTranslation();
  const text = useMoney();
  if (refund.status !== BY_HAND) return null;
  const { refundNo } = refund;
  const amount = text(refund.amount);
  const becomes = (state: number) => (
    <Compare
      rows={[
        {
          name: refundNo,
          now: <StateTag group="refundStates" state={BY_HAND} />,
          after: <StateTag group="refundStates" state={state} />,
        },
      ]}
    />
  );
  return (
    <span className="acts">
      <ActButton
        label={t("acts.settleMade")}
        preview={
          <>
            <p>{t("acts.settleMadeWill", { amount })}</p>
            {becomes(MADE)}
          </>
        }
        act={(idempotencyKey) => pay.settleRefund({ refundNo, succeeded: true }, { idempotencyKey })}
      />
      <ActButton
        label={t("acts.settleNotMade")}
        isGrave
        preview={
          <>
            <p>{t("acts.settleNotMadeWill", { amount })}</p>
            {becomes(FAILED)}
          </>
        }
        act={(idempotencyKey) => pay.settleRefund({ refundNo, succeeded: false }, { idempotencyKey })}
      />
    </span>
  );
}
