import type { TimelineEvent } from "@mall/pay/api";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWords } from "../texts/i18n.ts";
import { LineEvent } from "./line-event.tsx";

const KINDS = ["payment", "attempt", "request", "notification", "approval", "refund", "entry", "job", "act"];

interface Props {
  /** The oldest first. */
  readonly events: readonly TimelineEvent[];
  /** Of the payment. */
  readonly currency: string;
}

/** All that happened to one payment, on one line of time. */
export function TimeLine({ events, currency }: Props) {
  const { t } = useTranslation();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const last = new Map(events.map((event) => [subjectOf(event), event]));
  const shown = events.filter(({ kind }) => !hidden.has(kind));
  return (
    <>
      <KindFilter events={events} hidden={hidden} onChange={setHidden} />
      {shown.length === 0 && <p>{t("line.none")}</p>}
      <ol className="line">
        {shown.map((event, index) => (
          <LineEvent
            // Events have no name of their own, and are only ever added to.
            key={`${event.kind} ${event.subject} ${event.event} ${event.time}`}
            event={event}
            currency={currency}
            isLast={last.get(subjectOf(event)) === event}
            afterMs={event.time - (shown[index - 1]?.time ?? event.time)}
          />
        ))}
      </ol>
    </>
  );
}

function subjectOf({ kind, subject }: TimelineEvent): string {
  return `${kind} ${subject}`;
}

interface FilterProps {
  readonly events: readonly TimelineEvent[];
  readonly hidden: ReadonlySet<string>;
  onChange(hidden: ReadonlySet<string>): void;
}

function KindFilter({ events, hidden, onChange }: FilterProps) {
  const { t } = useTranslation();
  const words = useWords();
  const counts = new Map(KINDS.map((kind) => [kind, events.filter((event) => event.kind === kind).length]));
  const toggle = (kind: string): void => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    onChange(next);
  };
  return (
    <fieldset className="kinds">
      <legend>{t("line.kinds")}</legend>
      {[...counts]
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => (
          <label key={kind} className={`kind kind-${kind}`}>
            <input type="checkbox" checked={!hidden.has(kind)} onChange={() => toggle(kind)} />
            {words("kinds", kind)} <span className="quiet">{count}</span>
          </label>
        ))}
    </fieldset>
  );
}
