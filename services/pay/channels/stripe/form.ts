/** Form fields; undefined ones are left out, since an empty one would unset a value at Stripe. */
type FormValue = string | number | boolean | undefined | FormFields | readonly FormValue[];

export interface FormFields {
  readonly [name: string]: FormValue;
}

/** Encodes a form in Stripe's notation, in field order: `metadata[out_trade_no]=P1`, `line_items[0][quantity]=1`. */
export function encodeForm(fields: FormFields): string {
  return pairsOf(fields)
    .map(([name, value]) => `${encodeURIComponent(name).replace(/%5B/g, "[").replace(/%5D/g, "]")}=${value}`)
    .join("&");
}

function pairsOf(fields: FormFields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) => pairs(name, value));
}

function pairs(name: string, value: FormValue): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== "object") return [[name, encodeURIComponent(String(value))]];
  return Object.entries(value).flatMap(([key, inner]) => pairs(`${name}[${key}]`, inner));
}
