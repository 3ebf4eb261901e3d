import type { TimelineFact } from "@mall/pay/api";
import { Button, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { TraceLink } from "../format/trace-link.tsx";
import type { Texts } from "../texts/en.ts";
import { useWords } from "../texts/i18n.ts";

/** Those that are amounts in minor units. */
const AMOUNTS: ReadonlySet<string> = new Set(["refunded", "refunding", "fee", "lateFee"]);
/** Those that somebody may want to look for elsewhere. */
const COPIED: ReadonlySet<string> = new Set(["traceId", "channelTradeNo", "channelRefundNo", "eventKey"]);
const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
/** Minor units and their currency. */
const RECEIVED = /^(\d+) ([A-Z]{3})$/;
const SIDE = /^(debit|credit) (\d+)$/;
/** Those that are names of ours, and the words of each. */
const NAMED: Readonly<Record<string, keyof Texts>> = {
  act: "approvalActs",
  cause: "causes",
  held: "heldReasons",
};
/** Those that came, or went, over a wire. */
const RAW: ReadonlySet<string> = new Set(["headers", "body", "request", "answer"]);
/** A request to the bank that the mall serves itself has a path and no address. */
const OWN_BANK = /^[A-Z]+ \//;
/** Longer ones are shown when they are asked for, characters. */
const SHORT_MAX = 200;

interface Props {
  /** Of the event. */
  readonly kind: string;
  readonly fact: TimelineFact;
  readonly currency: string;
}

/** One thing that is known of an event. */
export function Fact({ kind, fact, currency }: Props) {
  const words = useWords();
  // The facts of an entry are its accounts.
  const name = kind === "entry" ? fact.name : words("facts", fact.name);
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Value fact={fact} name={name} currency={currency} />
      </dd>
    </div>
  );
}

function Value({
  fact: { name, value },
  name: told,
  currency,
}: {
  readonly fact: TimelineFact;
  /** In the page's language. */
  readonly name: string;
  readonly currency: string;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const [, received, ofCurrency] = RECEIVED.exec(value) ?? [];
  if (name === "received" && received !== undefined)
    return <Money amount={Number(received)} currency={ofCurrency ?? currency} />;
  const [, side, amount] = SIDE.exec(value) ?? [];
  if (amount !== undefined)
    return (
      <>
        {side} <Money amount={Number(amount)} currency={currency} />
      </>
    );
  const group = NAMED[name];
  if (group !== undefined) return words(group, value);
  if (name === "target" && OWN_BANK.test(value)) return t("line.ownBank", { target: value });
  if (AMOUNTS.has(name)) return <Money amount={Number(value)} currency={currency} />;
  if (ISO_TIME.test(value)) return <Moment at={Date.parse(value)} />;
  if (value.length > SHORT_MAX || RAW.has(name)) return <Long name={told} value={value} />;
  if (!COPIED.has(name)) return value;
  const copyable = { text: value, tooltips: [t("app.copy", { what: told }), t("app.copied")] };
  return (
    <Typography.Text copyable={copyable}>
      {name === "traceId" ? <TraceLink traceId={value} /> : value}
    </Typography.Text>
  );
}

function Long({ name, value }: { readonly name: string; readonly value: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? t("line.hide", { what: name }) : t("line.raw", { what: name, count: value.length })}
      </Button>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <pre tabIndex={0}>{indented(value)}</pre>
      )}
    </>
  );
}

/** JSON on lines of its own; everything else as it came. */
function indented(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value;
  }
}
