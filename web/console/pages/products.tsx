import type { DetailResponse } from "@mall/product/api";
import { useTranslation } from "react-i18next";
import { EditProductButton } from "../acts/edit-product-button.tsx";
import { StockButton } from "../acts/stock-button.tsx";
import { useShopCurrency } from "../format/money.tsx";
import { type Column, money, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { products } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { useWords } from "../texts/i18n.ts";

const STATES = [0, 1];

/** All products, the newest first, and changes of their stock. */
export function ProductsPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"name" | "status">();
  const asked = defined({ name: filters.name, status: numberOf(filters.status) });
  const ask = async (before: number | undefined, limit: number) => {
    const { products: rows, next } = await products.list({ ...asked, ...defined({ before }), limit });
    return { rows, next: nextOf(next) };
  };
  return (
    <List
      name="products"
      title={t("nav.products")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["products", asked], ask }}
      filters={
        <>
          <TextFilter
            label={t("product.nameBegins")}
            value={filters.name}
            onChange={(value) => set("name", value)}
          />
          <StateFilter
            group="productStates"
            states={STATES}
            value={filters.status}
            onChange={(value) => set("status", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<DetailResponse>[] {
  const { t } = useTranslation();
  const currency = useShopCurrency();
  const words = useWords();
  return [
    plain(t("product.id"), 90, ({ id }) => id),
    plain(t("product.name"), 200, ({ name }) => name),
    plain(t("product.desc"), 220, ({ desc }) => desc),
    state(t("product.state"), "productStates", ({ status }) => ({
      state: status,
      word: words("productStates", status),
    })),
    money(t("product.price"), ({ amount }) => ({ amount, currency })),
    { ...plain(t("product.stock"), 100, ({ stock }: DetailResponse) => stock), isNumber: true },
    { title: t("acts.title"), width: 260, show: (product) => <ProductActs product={product} /> },
  ];
}

function ProductActs({ product }: { readonly product: DetailResponse }) {
  return (
    <span className="acts">
      <StockButton product={product} />
      <EditProductButton product={product} />
    </span>
  );
}
