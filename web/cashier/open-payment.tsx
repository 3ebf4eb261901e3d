/** @jsxImportSource preact */
import type { CashierViewResponse, PrepayResponse } from "@mall/pay/api";
import { useRef, useState } from "preact/hooks";
import { Credential, Ways } from "./panels.tsx";
import { deviceOf, isFollowed, type PayWay, payWays } from "./pay-ways.ts";
import { type PaymentServer, Refusal } from "./server.ts";
import type { Texts } from "./texts.ts";
import type { Payment } from "./use-payment.ts";

interface Props {
  readonly view: CashierViewResponse;
  readonly payment: Payment;
  readonly server: PaymentServer;
  readonly texts: Texts;
}

/** A payment that waits for its buyer: the ways to pay, and then the one that was chosen. */
export function OpenPayment({ view, payment, server, texts }: Props) {
  const device = deviceOf(window);
  const [opened, setOpened] = useState<{ readonly way: PayWay; readonly answer: PrepayResponse }>();
  const [busy, setBusy] = useState<string>();
  const [trouble, setTrouble] = useState("");
  // A second click comes before the first has drawn anything.
  const isBusy = useRef(false);

  const run = async (name: string, work: () => Promise<void>): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    setBusy(name);
    setTrouble("");
    try {
      await work();
    } catch (error) {
      if (!payment.learnRefusal(error)) setTrouble(troubleText(error, texts));
      // Whatever it was, what is shown is what is true.
      await server.view().then(payment.learn, () => undefined);
    } finally {
      isBusy.current = false;
      setBusy(undefined);
    }
  };
  const choose = (way: PayWay): Promise<void> =>
    run(way.channel, async () => {
      const answer = await server.prepay({ channel: way.channel, product: way.product });
      setOpened({ way, answer });
      const { credential, credentialKind } = answer;
      if (device === "phone" && credentialKind === "url" && isFollowed(credential))
        location.assign(credential);
    });
  const sync = (): Promise<void> => run("sync", async () => payment.learn(await server.sync()));

  const hint = opened === undefined ? texts.begun : texts.waiting;
  const status = (
    <>
      <p class="quiet" role="status">
        {trouble || (view.waiting ? hint : "")}
      </p>
      {view.waiting && (
        <button type="button" class="plain" disabled={busy !== undefined} onClick={sync}>
          {busy === "sync" ? texts.asking : texts.havePaid}
        </button>
      )}
    </>
  );
  const isPhone = device === "phone";
  if (opened === undefined) {
    return (
      <>
        <div class="begun">{status}</div>
        <Ways ways={payWays(view.channels, device, texts)} texts={texts} opening={busy} choose={choose} />
      </>
    );
  }
  return (
    <>
      <Credential
        opened={opened.answer}
        label={opened.way.label}
        texts={texts}
        isPhone={isPhone}
        trialUrl={view.trialUrl}
      />
      {status}
      <button type="button" class="plain" onClick={() => setOpened(undefined)}>
        {texts.otherWay}
      </button>
    </>
  );
}

/** Never that a payment failed: what is refused was not begun, and everything else is not known. */
function troubleText(error: unknown, { troubles }: Texts): string {
  switch (error instanceof Refusal ? error.reason : "") {
    case "NO_CONNECTION":
      return troubles.offline;
    case "CHANNEL_REFUSED":
    case "INVALID_FIELD":
      return troubles.refused;
    case "PAY_TOO_MANY_ATTEMPTS":
      return troubles.tooMany;
    case "PAY_SYNC_LIMITED":
      return troubles.limited;
    default:
      return troubles.unknown;
  }
}
