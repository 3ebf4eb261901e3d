import type { ChannelAccount } from "@mall/pay/api";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Moment } from "../format/moment.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { Trouble } from "../format/trouble.tsx";
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
  const words = useWords();
  const heads = ["name", "source", "products", "keys", "keysEnd", "notifyUrl", "answer"] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section className="scrolls" aria-label={t("nav.channels")} tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`channel.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ name, source, products, keysState, keysEnd, notifyUrl, answer, error }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{words("sources", source)}</td>
              <td>{products.join(", ")}</td>
              <td>
                <StateTag group="keyStates" state={keysState} />
              </td>
              <td>
                <Moment at={keysEnd * 1000} />
              </td>
              <td>{notifyUrl}</td>
              <td>
                {answer !== "" && <StateTag group="answers" state={answer} />} {error}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
