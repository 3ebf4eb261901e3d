import { AppError } from "@mall/kit/errors";
import { useRef, useState } from "preact/hooks";
import type { Texts } from "./texts.ts";

/** What a person does on the page, one thing at a time. */
export interface Acts {
  /** Name of what is being done; undefined while nothing is. */
  readonly busy: string | undefined;
  /** What went wrong last, to be read; empty for nothing. */
  readonly trouble: string;
  /**
   * Does it, unless something is being done; `after` whatever came of it. So nobody has to disable a button meanwhile,
   * which would take the focus from who works by keyboard.
   */
  run(name: string, work: () => Promise<void>, after?: () => void): void;
  /** Forgets what was begun, as where a page comes back from behind another. */
  reset(): void;
}

/** `signedOut` is called where the server knows the session no more. */
export function useActs(texts: Texts, signedOut: () => void): Acts {
  const [busy, setBusy] = useState<string>();
  const [trouble, setTrouble] = useState("");
  // A second click comes before the first has drawn anything.
  const isBusy = useRef(false);
  const reset = (): void => {
    isBusy.current = false;
    setBusy(undefined);
  };
  const run: Acts["run"] = (name, work, after) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setBusy(name);
    setTrouble("");
    const failed = (error: unknown): void => {
      if (isSignedOut(error)) signedOut();
      else setTrouble(troubleText(error, texts));
    };
    void work().catch(failed).finally(reset).then(after);
  };
  return { busy, trouble, run, reset };
}

/** True where nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof AppError && error.code === "UNAUTHENTICATED" && error.reason !== "WRONG_PASSWORD";
}

/** A refusal in the reader's language. */
export function troubleText(error: unknown, { troubles, unknown }: Texts): string {
  const reason = error instanceof AppError ? error.reason : "NO_ANSWER";
  return troubles[reason] ?? unknown(reason);
}
