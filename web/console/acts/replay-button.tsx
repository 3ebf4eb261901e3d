import type { NotifyInfo } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { pay } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";

/** Acts on a notification once more. */
export function ReplayButton({ notify: { id, subject } }: { readonly notify: NotifyInfo }) {
  const { t } = useTranslation();
  return (
    <ActButton
      label={t("acts.replay")}
      preview={<p>{t("acts.replayWill", { id, subject })}</p>}
      act={(idempotencyKey) => pay.notifyReplay({ id }, { idempotencyKey })}
    />
  );
}
