import type { BillDifference } from "@mall/pay/api";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { StateTag } from "../format/state-tag.tsx";
import { pay } from "../server/clients.ts";
import { useWords } from "../texts/i18n.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const [OPEN, SETTLED] = [0, 1];
const NOTE_MAX = 255;

/** Ends a difference with a note of what came of it; nothing for those that are over. */
export function SettleDifferenceButton({ difference }: { readonly difference: BillDifference }) {
  const { t } = useTranslation();
  const words = useWords();
  const noteId = useId();
  const [note, setNote] = useState("");
  const { id, kind, subject, state, text } = difference;
  if (state !== OPEN) return null;
  return (
    <ActButton
      label={t("acts.settleDifference")}
      onOpen={() => setNote("")}
      isReady={note.trim() !== ""}
      preview={
        <>
          <p>{text}</p>
          <p>{t("acts.settleDifferenceWill")}</p>
          <label htmlFor={noteId}>{t("acts.settleDifferenceNote")}</label>
          <Input
            id={noteId}
            value={note}
            maxLength={NOTE_MAX}
            required
            onChange={({ target }) => setNote(target.value)}
          />
          <Compare
            rows={[
              {
                name: subject || words("billDifferenceKinds", kind),
                now: <StateTag group="billDifferenceStates" state={OPEN} />,
                after: <StateTag group="billDifferenceStates" state={SETTLED} />,
              },
            ]}
          />
        </>
      }
      act={(idempotencyKey) => pay.billDifferenceSettle({ id, note: note.trim() }, { idempotencyKey })}
    />
  );
}
