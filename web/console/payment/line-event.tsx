import type { TimelineEvent } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { spanText } from "../format/span.ts";
import { StateTag } from "../format/state-tag.tsx";
import { useLanguage, useWords } from "../texts/i18n.ts";
import { Fact } from "./fact.tsx";

interface Props {
  readonly event: TimelineEvent;
  /** Of the payment. */
  readonly currency: string;
  /** True for the last event of its subject, which stands as it says by now. */
  readonly isLast: boolean;
  /** Since the event before, milliseconds. */
  readonly afterMs: number;
}

/** One thing that happened. */
export function LineEvent({ event, currency, isLast, afterMs }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const { kind, subject, state, facts, error, amount } = event;
  return (
    <li className={`event kind-${kind} ${error === "" ? "" : "bad"}`}>
      <div className="when">
        <Moment at={event.time} withMs />
        {afterMs > 0 && (
          <span className="quiet">{t("line.after", { span: spanText(afterMs, language) })}</span>
        )}
      </div>
      <div className="what">
        <h3>
          <span className="kind-name">{words("kinds", kind)}</span> {words("events", event.event)}
          {amount !== 0 && (
            <>
              {" "}
              <Money amount={amount} currency={event.currency || currency} />
            </>
          )}
        </h3>
        <p className="subject">
          <code>{subject}</code>{" "}
          {isLast && state !== "" && state !== event.event && <StateTag group="states" state={state} />}
        </p>
        {error !== "" && <p className="error">{error}</p>}
        {facts.length > 0 && (
          <dl className="facts">
            {facts.map((fact) => (
              <Fact key={fact.name} kind={kind} fact={fact} currency={event.currency || currency} />
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
