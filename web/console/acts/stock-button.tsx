import type { DetailResponse } from "@mall/product/api";
import { InputNumber } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { products } from "../server/clients.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const STOCK_MAX = 4_294_967_295;

/** Pieces that come or go, whatever is sold meanwhile. */
export function StockButton({ product }: { readonly product: DetailResponse }) {
  const { t } = useTranslation();
  const [change, setChange] = useState(0);
  const fieldId = useId();
  const { id, name, stock } = product;
  return (
    <ActButton
      label={t("acts.stock")}
      isReady={change !== 0 && stock + change >= 0}
      onOpen={() => setChange(0)}
      act={(idempotencyKey) => products.stock({ id, change }, { idempotencyKey })}
      preview={
        <>
          <p>{t("acts.stockWill")}</p>
          <label htmlFor={fieldId}>{t("acts.stockChange")}</label>
          <InputNumber
            id={fieldId}
            className="wide"
            value={change}
            min={-stock}
            max={STOCK_MAX - stock}
            precision={0}
            onChange={(value) => setChange(value ?? 0)}
          />
          <Compare rows={[{ name, now: stock, after: stock + change }]} />
        </>
      }
    />
  );
}
