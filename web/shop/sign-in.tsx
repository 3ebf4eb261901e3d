/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { type ShopSession, session } from "./server/clients.ts";
import { Newcomer } from "./server/newcomer.ts";
import type { Texts } from "./texts.ts";
import { useActs } from "./use-act.ts";

interface Props {
  readonly texts: Texts;
  /** Whether there was a session that has ended. */
  readonly hasEnded: boolean;
  entered(session: ShopSession): void;
}

/** Signing up, and in by what one signed up with. */
export function SignIn({ texts, hasEnded, entered }: Props) {
  const [isNew, setNew] = useState(!hasEnded);
  const { busy, trouble, run } = useActs(texts, () => undefined);
  const newcomer = useRef(new Newcomer());
  const words = texts.signIn;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const field = (name: string): string => String(form.get(name) ?? "");
    const credentials = { mobile: field("mobile").trim(), password: field("password") };
    run("sign-in", async () => {
      if (isNew) await newcomer.current.signUp({ name: field("name").trim(), ...credentials });
      entered(await session.signIn(credentials));
    });
  };
  return (
    <section class="sign-in">
      <h2>{isNew ? words.signUp : words.signIn}</h2>
      <p class="quiet">{hasEnded ? words.ended : words.intro}</p>
      <form onSubmit={submit}>
        {isNew && (
          <Field name="name" label={words.name}>
            <input id="name" name="name" type="text" autocomplete="name" maxLength={64} required />
          </Field>
        )}
        <Field name="mobile" label={words.mobile} hint={words.mobileHint}>
          <input
            id="mobile"
            name="mobile"
            type="tel"
            autocomplete="username"
            pattern="[+]?[0-9]{5,20}"
            title={words.mobileHint}
            aria-describedby="mobile-hint"
            required
          />
        </Field>
        <Field name="password" label={words.password} hint={words.passwordHint}>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete={isNew ? "new-password" : "current-password"}
            minLength={isNew ? 6 : 1}
            maxLength={128}
            aria-describedby="password-hint"
            required
          />
        </Field>
        <p class="trouble" role="alert">
          {trouble}
        </p>
        <button type="submit" aria-disabled={busy !== undefined}>
          {busy === undefined ? (isNew ? words.signUp : words.signIn) : texts.buying}
        </button>
      </form>
      <button type="button" class="plain" onClick={() => setNew(!isNew)}>
        {isNew ? words.toSignIn : words.toSignUp}
      </button>
    </section>
  );
}

function Field(props: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}) {
  const { name, label, hint, children } = props;
  return (
    <p class="field">
      <label for={name}>{label}</label>
      {children}
      {hint !== undefined && (
        <small id={`${name}-hint`} class="quiet">
          {hint}
        </small>
      )}
    </p>
  );
}
