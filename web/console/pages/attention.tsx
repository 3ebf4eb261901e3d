import type { AttentionKind, AttentionRow } from "@mall/pay/api";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Moment } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { Trouble } from "../format/trouble.tsx";
import { PaymentLink } from "../list/columns.tsx";
import { waitingText } from "../payment/waiting-text.ts";
import { pay } from "../server/clients.ts";
import { useWords } from "../texts/i18n.ts";

const LOOK_AGAIN_MS = 30_000;
const ROWS = 10;
/** The kind whose text is how many. */
const REFUSED = "notify_refused";

/** Where all rows of a kind are. */
const PLACES: Readonly<Record<string, string>> = {
  held: "/payments?status=5",
  refund_by_hand: "/refunds?status=4",
  approval_open: "/approvals?status=0",
  dead_job: "/jobs?state=2",
  notify_refused: "/notifications/refused",
  bill_difference: "/bills/differences?state=0",
};

/** What waits for a person: the start of the day. */
export function AttentionPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["attention"],
    queryFn: () => pay.attention({ limit: ROWS }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const waiting = data?.kinds.filter(({ count }) => count > 0) ?? [];
  const quiet = data?.kinds.filter(({ count }) => count === 0) ?? [];
  return (
    <>
      <title>{`${t("nav.attention")} · ${t("app.title")}`}</title>
      <h1>{t("nav.attention")}</h1>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <p className="loading">{t("app.loading")}</p>}
      {data !== undefined && waiting.length === 0 && <p className="all-well">{t("attention.none")}</p>}
      {waiting.map((kind) => (
        <KindCard key={kind.kind} kind={kind} />
      ))}
      {quiet.length > 0 && <Quiet kinds={quiet} />}
    </>
  );
}

function KindCard({ kind: { kind, count, isMore, since, rows } }: { readonly kind: AttentionKind }) {
  const { t } = useTranslation();
  const words = useWords();
  const place = PLACES[kind];
  return (
    <section className="attention" aria-labelledby={kind}>
      <h2 id={kind}>
        {words("attentionKinds", kind)}{" "}
        <span className="tag tag-look">{isMore ? t("attention.atLeast", { count }) : count}</span>
      </h2>
      <p>{words("attentionMeans", kind)}</p>
      <p className="quiet">
        {words("attentionDo", kind)} {since > 0 && t("attention.oldest")}{" "}
        {since > 0 && <Moment at={since * 1000} />}
      </p>
      <ul className="waiting">
        {rows.map((row) => (
          <Waiting key={`${row.id} ${row.since} ${row.channel}`} kind={kind} row={row} />
        ))}
      </ul>
      {place !== undefined && <Link to={place}>{t("attention.all")}</Link>}
    </section>
  );
}

function Waiting({
  kind,
  row: { id, payId, channel, amount, currency, since, text },
}: {
  readonly kind: string;
  readonly row: AttentionRow;
}) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <li>
      {payId > 0 ? (
        <>
          {t("pay.id")} <PaymentLink id={payId} />
        </>
      ) : (
        <code>{id}</code>
      )}
      {amount !== 0 && <Money amount={amount} currency={currency} />}
      {channel !== "" && channel !== id && <span>{channel}</span>}
      <span className="text">
        {kind === REFUSED
          ? t("attention.refused", { count: Number.parseInt(text, 10) })
          : waitingText(kind, text, words)}
      </span>
      {since > 0 && (
        <span className="quiet">
          <Moment at={since * 1000} />
        </span>
      )}
    </li>
  );
}

function Quiet({ kinds }: { readonly kinds: readonly AttentionKind[] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <p className="quiet">
      {t("attention.quiet")} {kinds.map(({ kind }) => words("attentionKinds", kind)).join(" · ")}
    </p>
  );
}
