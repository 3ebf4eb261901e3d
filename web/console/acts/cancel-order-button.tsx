import type { FoundOrder } from "@mall/order/api";
import { useTranslation } from "react-i18next";
import { StateTag } from "../format/state-tag.tsx";
import { orders } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const [UNPAID, CANCELLED] = [0, 9];

/** Cancels an order that nobody has paid; nothing for all others. */
export function CancelOrderButton({ order: { id, status } }: { readonly order: FoundOrder }) {
  const { t } = useTranslation();
  if (status !== UNPAID) return null;
  return (
    <ActButton
      label={t("acts.cancelOrder")}
      isGrave
      preview={
        <>
          <p>{t("acts.cancelOrderWill")}</p>
          <Compare
            rows={[
              {
                name: `${t("order.id")} ${id}`,
                now: <StateTag group="orderStates" state={UNPAID} />,
                after: <StateTag group="orderStates" state={CANCELLED} />,
              },
            ]}
          />
        </>
      }
      act={(idempotencyKey) => orders.update({ id, status: CANCELLED }, { idempotencyKey })}
    />
  );
}
