/** @jsxImportSource preact */
import type { CashierViewResponse } from "@mall/pay/api";
import { useEffect } from "preact/hooks";
import { OpenPayment } from "./open-payment.tsx";
import { Bill, StatePanel } from "./panels.tsx";
import type { PaymentServer } from "./server.ts";
import type { StateText, Texts } from "./texts.ts";
import { applyTheme } from "./theme.ts";
import { type Payment, usePayment } from "./use-payment.ts";

interface Props {
  readonly server: PaymentServer;
  /** BCP 47. */
  readonly language: string;
  readonly texts: Texts;
}

/** The whole page of one link. */
export function CashierPage({ server, language, texts }: Props) {
  const payment = usePayment(server);
  const { view, refused, isOffline, secondsLeft } = payment;
  const state = stateOf(payment);
  const words = wordsOf(state, refused, texts);
  const name = view?.theme.name || texts.title;
  const color = view?.theme.color ?? "";
  useEffect(() => applyTheme(color, document.documentElement.style), [color]);
  useEffect(() => {
    document.title = words === undefined ? name : `${words.title} · ${name}`;
  }, [words, name]);
  return (
    <>
      <header>
        {view !== undefined && view.theme.logo !== "" && <img src={view.theme.logo} alt="" />}
        <h1>{name}</h1>
      </header>
      <main>
        <p class={isOffline ? "offline" : "nothing"} role="alert">
          {isOffline ? texts.offline : ""}
        </p>
        {view !== undefined && (
          <Bill
            view={view}
            language={language}
            texts={texts}
            secondsLeft={state === "open" ? secondsLeft : undefined}
          />
        )}
        <div role="status">
          {words !== undefined && <StatePanel kind={state} words={words} />}
          {state === "loading" && <p>{texts.loading}</p>}
        </div>
        {view !== undefined && state === "open" && (
          <OpenPayment view={view} payment={payment} server={server} texts={texts} />
        )}
        {view !== undefined && state !== "open" && <ReturnLink view={view} texts={texts} />}
      </main>
    </>
  );
}

function ReturnLink({ view, texts }: { readonly view: CashierViewResponse; readonly texts: Texts }) {
  if (view.returnUrl === "") return null;
  return (
    <a class="button" href={view.returnUrl} rel="noreferrer">
      {texts.back}
    </a>
  );
}

/** The payment's, as far as it is known: at the end of its time it is the mall that says what came of it. */
function stateOf({ view, refused, secondsLeft }: Payment): string {
  if (view?.state === "paid" || view?.state === "refunded") return view.state;
  if (refused !== undefined) return "refused";
  if (view === undefined) return "loading";
  return view.state === "open" && secondsLeft === 0 ? "checking" : view.state;
}

function wordsOf(
  state: string,
  refused: Payment["refused"],
  { states, links }: Texts,
): StateText | undefined {
  if (state === "refused") return links[refused ?? "invalid"];
  return Object.entries(states).find(([name]) => name === state)?.[1];
}
