import type { DetailResponse } from "@mall/product/api";
import { Input, Radio } from "antd";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMoney, useShopCurrency } from "../format/money.tsx";
import { products } from "../server/clients.ts";
import { useWords } from "../texts/i18n.ts";
import { ActButton } from "./act-button.tsx";
import { AmountField } from "./amount-field.tsx";
import { Compare, type Compared } from "./compare.tsx";
import { changesOf, type ProductDraft } from "./product-changes.ts";

const TEXT_MAX = 255;
const AMOUNT_MAX = 4_294_967_295;
const STATES = [0, 1];

/** Changes what is told of a product, and its price; its stock has a button of its own. */
export function EditProductButton({ product }: { readonly product: DetailResponse }) {
  const { t } = useTranslation();
  // What was read when somebody began: a list that is looked at again meanwhile must not pass for what they saw.
  const [read, setRead] = useState(product);
  const [draft, setDraft] = useState<ProductDraft>(product);
  const changes = changesOf(read, draft);
  return (
    <ActButton
      label={t("acts.editProduct")}
      isReady={changes !== undefined}
      onOpen={() => {
        setRead(product);
        setDraft(product);
      }}
      act={async (idempotencyKey) => changes && products.update(changes, { idempotencyKey })}
      preview={
        <>
          <p>{t("acts.editProductWill")}</p>
          <ProductFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
          <Becomes read={read} draft={draft} />
        </>
      }
    />
  );
}

interface FieldsProps {
  readonly draft: ProductDraft;
  onChange(change: Partial<ProductDraft>): void;
}

function ProductFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const words = useWords();
  const currency = useShopCurrency();
  const [nameId, descId, stateId] = [useId(), useId(), useId()];
  const { name, desc, amount, status } = draft;
  return (
    <>
      <label htmlFor={nameId}>{t("product.name")}</label>
      <Input
        id={nameId}
        value={name}
        maxLength={TEXT_MAX}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <label htmlFor={descId}>{t("product.desc")}</label>
      <Input.TextArea
        id={descId}
        value={desc}
        maxLength={TEXT_MAX}
        rows={3}
        onChange={({ target }) => onChange({ desc: target.value })}
      />
      <AmountField
        label={t("product.price")}
        currency={currency}
        amount={amount}
        min={0}
        max={AMOUNT_MAX}
        onChange={(entered) => onChange({ amount: entered })}
      />
      <p id={stateId} className="field-name">
        {t("product.state")}
      </p>
      <Radio.Group
        aria-labelledby={stateId}
        value={status}
        onChange={({ target }) => onChange({ status: Number(target.value) })}
        options={STATES.map((value) => ({ value, label: words("productStates", value) }))}
      />
    </>
  );
}

/** What a draft changes, and nothing else. */
function Becomes({ read, draft }: { readonly read: DetailResponse; readonly draft: ProductDraft }) {
  const { t } = useTranslation();
  const words = useWords();
  const text = useMoney();
  const told = (product: ProductDraft): Readonly<Record<keyof ProductDraft, ReactNode>> => ({
    name: product.name,
    desc: product.desc,
    amount: text(product.amount),
    status: words("productStates", product.status),
  });
  const names = {
    name: t("product.name"),
    desc: t("product.desc"),
    amount: t("product.price"),
    status: t("product.state"),
  };
  const [now, after] = [told(read), told(draft)];
  const rows = FIELDS.filter((field) => read[field] !== draft[field]).map(
    (field): Compared => ({ name: names[field], now: now[field], after: after[field] }),
  );
  return rows.length === 0 ? null : <Compare rows={rows} />;
}

const FIELDS = ["name", "desc", "amount", "status"] as const;
