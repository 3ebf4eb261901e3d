import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { ApprovalButtons } from "../acts/approval-buttons.tsx";
import { Money } from "../format/money.tsx";
import { pay } from "../server/clients.ts";
import { useHeld } from "../shell/open-dialogs.ts";
import { SessionContext } from "../shell/session-context.ts";
import { useWords } from "../texts/i18n.ts";

/** What waits for a second person about a payment; nothing where nothing does. */
export function WaitingApproval({ payId }: { readonly payId: number }) {
  const { t } = useTranslation();
  const words = useWords();
  const { uid } = useContext(SessionContext);
  const { data } = useQuery({
    queryKey: ["approvals", "of", payId],
    queryFn: () => pay.approvalList({ id: payId, status: 0 }),
  });
  return useHeld(data)?.map((approval) => (
    <Alert
      key={approval.id}
      type="warning"
      className="waiting-approval"
      title={
        <>
          {t("approval.waits")} {words("approvalActs", approval.act)}{" "}
          <Money amount={approval.amount} currency={approval.currency} />
        </>
      }
      description={approval.requestedBy === `user:${uid}` ? t("approval.own") : approval.reason}
      action={<ApprovalButtons approval={approval} />}
    />
  ));
}
