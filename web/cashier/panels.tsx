/** @jsxImportSource preact */

import { moneyText } from "@mall/kit/currency";
import type { CashierViewResponse, PrepayResponse } from "@mall/pay/api";
import { countdownText } from "./countdown.ts";
import { isFollowed, type PayWay } from "./pay-ways.ts";
import { QrCode } from "./qr-code.tsx";
import type { StateText, Texts } from "./texts.ts";

/** What is paid, and until when. */
export function Bill(props: {
  readonly view: CashierViewResponse;
  readonly language: string;
  readonly texts: Texts;
  readonly secondsLeft: number | undefined;
}) {
  const { view, language, texts, secondsLeft } = props;
  return (
    <section class="bill" aria-label={texts.order}>
      <p class="amount">{moneyText(view.amount, view.currency, language)}</p>
      <p class="subject">{view.subject}</p>
      <p class="quiet">
        {texts.order} {view.oid}
      </p>
      {secondsLeft !== undefined && (
        <p class="quiet">
          {texts.timeLeft}{" "}
          <span role="timer" class="left">
            {countdownText(secondsLeft)}
          </span>
        </p>
      )}
    </section>
  );
}

/** A state in words, with a sign that does not rest on its colour alone. */
export function StatePanel({ kind, words }: { readonly kind: string; readonly words: StateText }) {
  const sign = kind === "paid" ? "✓" : kind === "checking" || kind === "held" ? "…" : "!";
  return (
    <section class={`state ${kind}`}>
      <p class="sign" aria-hidden="true">
        {sign}
      </p>
      <h2>{words.title}</h2>
      <p>{words.text}</p>
    </section>
  );
}

/** The ways to pay, of which one can be chosen at a time. */
export function Ways(props: {
  readonly ways: readonly PayWay[];
  readonly texts: Texts;
  readonly opening: string | undefined;
  choose(way: PayWay): void;
}) {
  const { ways, texts, opening, choose } = props;
  if (ways.length === 0) return <p>{texts.noChannel}</p>;
  return (
    <section>
      <h2>{texts.choose}</h2>
      <ul class="ways">
        {ways.map((way) => (
          <li key={way.channel}>
            <button type="button" disabled={opening !== undefined} onClick={() => choose(way)}>
              {opening === way.channel ? texts.opening : way.label}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a channel gave to pay by. */
export function Credential(props: {
  readonly opened: PrepayResponse;
  readonly label: string;
  readonly texts: Texts;
  readonly isPhone: boolean;
  /** Of the simulator that plays the channel; empty in earnest. */
  readonly trialUrl: string;
}) {
  const { opened, label, texts, isPhone, trialUrl } = props;
  const { credential, credentialKind, channel, outTradeNo } = opened;
  const isFollowable = isFollowed(credential);
  if (credentialKind === "qr") {
    return (
      <section>
        <h2>{texts.scan(label)}</h2>
        <QrCode text={credential} label={texts.scanCode} />
        {isPhone && isFollowable && (
          <a class="button" href={credential}>
            {texts.openApp(label)}
          </a>
        )}
        {trialUrl !== "" && (
          <TrialLink href={`${trialUrl}/pay/${channelOf(channel)}/${outTradeNo}`} texts={texts} />
        )}
      </section>
    );
  }
  return (
    <section>
      <h2>{label}</h2>
      <p>{texts.pageHint}</p>
      {isFollowable && (
        <a class="button" href={credential} rel="noopener noreferrer" target={isPhone ? "_self" : "_blank"}>
          {texts.openPage(label)}
        </a>
      )}
    </section>
  );
}

/** An account's name begins with its channel's: alipay-sim. */
function channelOf(account: string): string {
  return account.split("-")[0] ?? account;
}

/** Where no wallet can pay what the code says. */
function TrialLink({ href, texts }: { readonly href: string; readonly texts: Texts }) {
  return (
    <>
      <p class="quiet">{texts.trial}</p>
      <a class="button" href={href} rel="noopener noreferrer" target="_blank">
        {texts.payAtTrial}
      </a>
    </>
  );
}
