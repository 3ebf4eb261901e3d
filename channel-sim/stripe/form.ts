/** A form's fields: text, lists and maps of them. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

type FormMap = { [name: string]: FormValue };

/** Deeper than any parameter; what is deeper is one that is not known. */
const DEPTH_MAX = 10;

/** Reads `a[b][0]=c`, with brackets raw or escaped; a list has indexes or empty brackets. */
export function parseForm(text: string): Readonly<Record<string, FormValue>> {
  const root: FormMap = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) put(root, keysOf(name), value);
  return listed(root) as FormMap;
}

function keysOf(name: string): string[] {
  const [first = ""] = name.split("[", 1);
  if (name.split("[", DEPTH_MAX + 1).length > DEPTH_MAX) return [first];
  return [first, ...Array.from(name.matchAll(/\[([^\]]*)\]/g), ([, key = ""]) => key)];
}

function put(map: FormMap, keys: readonly string[], value: string): void {
  const [key = "", ...rest] = keys;
  const name = key === "" ? String(Object.keys(map).length) : key;
  if (rest.length === 0) {
    map[name] = value;
    return;
  }
  const known = map[name];
  const next: FormMap = typeof known === "object" && !Array.isArray(known) ? known : Object.create(null);
  map[name] = next;
  put(next, rest, value);
}

/** Maps whose names are all numbers are lists. */
function listed(value: FormValue): FormValue {
  if (typeof value !== "object" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, listed(each)] as const);
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name));
  return isList ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}
