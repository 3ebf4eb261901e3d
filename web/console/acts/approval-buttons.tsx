import type { Approval } from "@mall/pay/api";
import { Input } from "antd";
import { useContext, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { pay } from "../server/clients.ts";
import { SessionContext } from "../shell/session-context.ts";
import { useWords } from "../texts/i18n.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const [OPEN, APPROVED, REJECTED] = [0, 1, 2];
const REASON_MAX = 255;

/** Decides about what waits for a second person; who asked for it may only take it back. */
export function ApprovalButtons({ approval }: { readonly approval: Approval }) {
  const { uid } = useContext(SessionContext);
  if (approval.status !== OPEN) return null;
  return (
    <span className="acts">
      {approval.requestedBy !== `user:${uid}` && <ApproveButton approval={approval} />}
      <RejectButton approval={approval} />
    </span>
  );
}

function ApproveButton({ approval }: { readonly approval: Approval }) {
  const { t } = useTranslation();
  const words = useWords();
  const { id, act, amount, currency } = approval;
  return (
    <ActButton
      label={t("acts.approve")}
      isGrave
      preview={
        <>
          <p>
            <Money amount={amount} currency={currency} />: {words("approvalWill", act)}
          </p>
          <Becomes approval={approval} state={APPROVED} />
        </>
      }
      act={(idempotencyKey) => pay.approvalApprove({ id }, { idempotencyKey })}
    />
  );
}

function RejectButton({ approval }: { readonly approval: Approval }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const reasonId = useId();
  const { id } = approval;
  return (
    <ActButton
      label={t("acts.reject")}
      onOpen={() => setReason("")}
      preview={
        <>
          <p>{t("acts.rejectWill")}</p>
          <label htmlFor={reasonId}>{t("acts.rejectReason")}</label>
          <Input
            id={reasonId}
            value={reason}
            maxLength={REASON_MAX}
            onChange={({ target }) => setReason(target.value)}
          />
          <Becomes approval={approval} state={REJECTED} />
        </>
      }
      act={(idempotencyKey) => pay.approvalReject({ id, reason }, { idempotencyKey })}
    />
  );
}

function Becomes({ approval, state }: { readonly approval: Approval; readonly state: number }) {
  const words = useWords();
  const { act, refundNo, payId } = approval;
  return (
    <Compare
      rows={[
        {
          name: `${words("approvalActs", act)} ${refundNo || payId}`,
          now: <StateTag group="approvalStates" state={OPEN} />,
          after: <StateTag group="approvalStates" state={state} />,
        },
      ]}
    />
  );
}
