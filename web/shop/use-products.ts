import type { DetailResponse as Product } from "@mall/product/api";
import { useEffect, useState } from "preact/hooks";
import { products } from "./server/clients.ts";
import { isSignedOut, troubleText } from "./use-act.ts";
import { useReturns } from "./use-returns.ts";
import type { Visit } from "./visit.ts";

/** How many come at a time. */
const PAGE = 60;

export interface ProductsOnSale {
  /** The newest first; undefined before they were seen. */
  readonly shown: readonly Product[] | undefined;
  /** Why they could not be seen just now. */
  readonly trouble: string;
  readonly hasMore: boolean;
  more(): void;
  /** Looks at the first of them anew. */
  look(): void;
}

/** What is on sale, as it is when the page is opened and whenever it comes back. */
export function useProducts({ texts, signedOut }: Visit): ProductsOnSale {
  const [shown, setShown] = useState<readonly Product[]>();
  const [next, setNext] = useState(0);
  const [trouble, setTrouble] = useState("");
  const read = async (before: number): Promise<void> => {
    try {
      const page = await products.list({ status: 0, limit: PAGE, ...(before > 0 && { before }) });
      setShown((known = []) => (before > 0 ? [...known, ...page.products] : page.products));
      setNext(page.next);
      setTrouble("");
    } catch (error) {
      if (isSignedOut(error)) signedOut();
      else setTrouble(troubleText(error, texts));
    }
  };
  const look = (): void => {
    void read(0);
  };
  const more = (): void => {
    void read(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; a look only sets, and setters never change.
  useEffect(look, []);
  useReturns(look);
  return { shown, trouble, hasMore: next > 0, more, look };
}
