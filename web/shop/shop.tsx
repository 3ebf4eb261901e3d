/** @jsxImportSource preact */
import { useEffect, useState } from "preact/hooks";
import { Orders } from "./orders.tsx";
import { Products } from "./products.tsx";
import { type ShopSession, session as shopSession } from "./server/clients.ts";
import { SignIn } from "./sign-in.tsx";
import type { Texts } from "./texts.ts";
import { troubleText } from "./use-act.ts";
import { useReturns } from "./use-returns.ts";
import type { Visit } from "./visit.ts";

type View = "products" | "orders";

interface Props {
  readonly language: "en" | "zh-CN";
  readonly texts: Texts;
}

/** The whole shop: whoever is not signed in does that first, as products are told to users only. */
export function Shop({ language, texts }: Props) {
  const view = useView();
  const { session, hasEnded, trouble, entered, signedOut, failed } = useSession(texts);
  const title = texts[view === "orders" ? "myOrders" : "products"];
  useEffect(() => {
    document.title = `${title} · ${texts.title}`;
  }, [title, texts]);
  const leave = (): void => {
    // Whoever leaves must know whether the session is over.
    shopSession.signOut().then(() => entered(null), failed);
  };
  const visit: Visit | null | undefined = session && {
    session,
    isStaff: session.role === 1 || session.role === 2,
    ...{ language, texts, signedOut },
  };
  return (
    <>
      <header>
        <h1>{texts.title}</h1>
        {session && <Navigation view={view} texts={texts} leave={leave} />}
      </header>
      <main>
        {session === undefined && <p role="status">{trouble || texts.loading}</p>}
        {session === null && (
          <SignIn key={String(hasEnded)} texts={texts} hasEnded={hasEnded} entered={entered} />
        )}
        {session && trouble !== "" && (
          <p class="trouble" role="alert">
            {trouble}
          </p>
        )}
        {visit && view === "products" && <Products visit={visit} />}
        {visit && view === "orders" && <Orders visit={visit} />}
      </main>
    </>
  );
}

function Navigation(props: { readonly view: View; readonly texts: Texts; leave(): void }) {
  const { view, texts, leave } = props;
  return (
    <nav aria-label={texts.title}>
      <a href="#/" aria-current={view === "products" ? "page" : undefined}>
        {texts.products}
      </a>
      <a href="#/orders" aria-current={view === "orders" ? "page" : undefined}>
        {texts.myOrders}
      </a>
      <button type="button" class="plain" onClick={leave}>
        {texts.signOut}
      </button>
    </nav>
  );
}

/** Which part of the shop the address names. A change leads who reads by ear to its heading. */
function useView(): View {
  const [view, setView] = useState(viewOfAddress);
  useEffect(() => {
    const change = (): void => {
      setView(viewOfAddress());
      requestAnimationFrame(() => document.querySelector("h2")?.focus());
    };
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return view;
}

function viewOfAddress(): View {
  return location.hash === "#/orders" ? "orders" : "products";
}

/** Who is signed in: undefined before that is known, null for nobody. */
function useSession(texts: Texts) {
  const [session, setSession] = useState<ShopSession | null>();
  const [hasEnded, setEnded] = useState(false);
  const [trouble, setTrouble] = useState("");
  const failed = (error: unknown): void => setTrouble(troubleText(error, texts));
  const ask = (): void => {
    shopSession.ask().then(setSession, failed);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; what asks only sets, and setters never change.
  useEffect(ask, []);
  useReturns(() => session === undefined && ask());
  return {
    session,
    hasEnded,
    trouble,
    entered: (entered: ShopSession | null): void => {
      setEnded(false);
      setTrouble("");
      setSession(entered);
    },
    failed,
    signedOut: (): void => {
      setEnded(true);
      setSession(null);
    },
  };
}
