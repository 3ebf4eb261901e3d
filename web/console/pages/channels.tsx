import type { ChannelAccount } from "@mall/pay/api";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { StateTag } from "../format/state-tag.tsx";
import { Trouble } from "../format/trouble.tsx";
import { Cards } from "../list/cards.tsx";
import { type Column, moment, plain, state } from "../list/columns.tsx";
import { useNarrow } from "../list/use-narrow.ts";
import { pay } from "../server/clients.ts";
import { useWords } from "../texts/i18n.ts";

/** The accounts at channels: how buyers pay, where they post to, when keys end, and whether the channel knows them. */
export function ChannelsPage() {
  const { t } = useTranslation();
  const [ask, setAsk] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["channels", ask],
    queryFn: () => pay.channels({ ask }),
  });
  return (
    <>
      <title>{`${t("nav.channels")} · ${t("app.title")}`}</title>
      <div className="list-top">
        <h1>{t("nav.channels")}</h1>
        <Button loading={isFetching} onClick={() => (ask ? void refetch() : setAsk(true))}>
          {t("channel.ask")}
        </Button>
      </div>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <Accounts accounts={data} />}
    </>
  );
}

function Accounts({ accounts }: { readonly accounts: readonly ChannelAccount[] }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const isNarrow = useNarrow();
  if (isNarrow)
    return <Cards title={t("nav.channels")} rows={accounts} columns={columns} rowKey={({ name }) => name} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section className="scrolls" aria-label={t("nav.channels")} tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.name}>
              {columns.map(({ title, show }, at) =>
                at === 0 ? (
                  <th key={title} scope="row">
                    {show?.(account)}
                  </th>
                ) : (
                  <td key={title}>{show?.(account)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useColumns(): Column<ChannelAccount>[] {
  const { t } = useTranslation();
  const words = useWords();
  return [
    plain(t("channel.name"), 120, ({ name }) => name),
    plain(t("channel.source"), 120, ({ source }) => words("sources", source)),
    plain(t("channel.products"), 160, ({ products }) => products.join(", ")),
    state(t("channel.keys"), "keyStates", ({ keysState }) => ({
      state: keysState,
      word: words("keyStates", keysState),
    })),
    moment(t("channel.keysEnd"), ({ keysEnd }) => keysEnd),
    plain(t("channel.notifyUrl"), 260, ({ notifyUrl }) => notifyUrl),
    {
      title: t("channel.answer"),
      width: 160,
      show: ({ answer, error }) => (
        <>
          {answer !== "" && <StateTag group="answers" state={answer} />} {error}
        </>
      ),
      csv: ({ answer, error }) => answer || error,
    },
  ];
}
