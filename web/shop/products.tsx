/** @jsxImportSource preact */

import { moneyText } from "@mall/kit/currency";
import type { DetailResponse as Product } from "@mall/product/api";
import { useRef } from "preact/hooks";
import { isRefused, Purchase } from "./server/purchase.ts";
import { putSamplesUp } from "./server/samples.ts";
import { useActs } from "./use-act.ts";
import { useProducts } from "./use-products.ts";
import { useReturns } from "./use-returns.ts";
import type { Visit } from "./visit.ts";

/** What is on sale. */
export function Products({ visit }: { readonly visit: Visit }) {
  const { texts, language, session } = visit;
  const acts = useActs(texts, visit.signedOut);
  const { shown, trouble, hasMore, more, look } = useProducts(visit);
  // The same while nobody knows whether it was begun.
  const purchase = useRef(new Purchase());
  useReturns(acts.reset);

  const buy = (product: Product): void =>
    acts.run(
      `buy ${product.id}`,
      async () => {
        try {
          location.assign(await purchase.current.begin(product, session.uid));
          purchase.current = new Purchase();
        } catch (error) {
          if (isRefused(error)) purchase.current = new Purchase();
          throw error;
        }
      },
      look,
    );
  const putUp = (): void => acts.run("samples", () => putSamplesUp(language, session.currency), look);

  return (
    <section aria-labelledby="products">
      <h2 id="products" tabIndex={-1}>
        {texts.products}
      </h2>
      <p class="trouble" role="alert">
        {acts.trouble || trouble}
      </p>
      {shown === undefined && trouble === "" && <p>{texts.loading}</p>}
      {shown?.length === 0 && !hasMore && <Empty visit={visit} busy={acts.busy} putUp={putUp} />}
      <ul class="cards">
        {shown?.map((product) => (
          <ProductCard key={product.id} product={product} visit={visit} busy={acts.busy} buy={buy} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="plain" onClick={more}>
          {texts.more}
        </button>
      )}
    </section>
  );
}

function Empty(props: { readonly visit: Visit; readonly busy: string | undefined; putUp(): void }) {
  const { visit, busy, putUp } = props;
  const { texts, isStaff } = visit;
  if (!isStaff) return <p>{texts.empty}</p>;
  return (
    <div class="empty">
      <p>{texts.emptyForStaff}</p>
      <button type="button" aria-disabled={busy !== undefined} onClick={putUp}>
        {busy === "samples" ? texts.buying : texts.putSamplesUp}
      </button>
    </div>
  );
}

function ProductCard(props: {
  readonly product: Product;
  readonly visit: Visit;
  readonly busy: string | undefined;
  buy(product: Product): void;
}) {
  const { product, visit, busy, buy } = props;
  const { texts, language, session } = visit;
  const { id, name, desc, stock, amount } = product;
  return (
    <li>
      <h3>{name}</h3>
      <p class="quiet">{desc}</p>
      <p class="price">{moneyText(amount, session.currency, language)}</p>
      <p class={stock === 0 ? "trouble" : "quiet"}>{stock === 0 ? texts.soldOut : texts.left(stock)}</p>
      <button
        type="button"
        aria-label={texts.buy(name)}
        disabled={stock === 0}
        aria-disabled={busy !== undefined}
        onClick={() => buy(product)}
      >
        {busy === `buy ${id}` ? texts.buying : texts.buyShort}
      </button>
    </li>
  );
}
