/** What of a subject may stand in an audit: values that JSON has, and dates. No secrets, and no hashes of them. */
export type Facts = Readonly<Record<string, string | number | boolean | Date | null | undefined>>;

/** Those facts that an act changed, as JSON texts; null where there was no subject. */
export interface ChangedFacts {
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
}

/** What became of a subject; undefined where nothing did. */
export function changedFacts(before: Facts | undefined, after: Facts | undefined): ChangedFacts | undefined {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = names.filter((name) => valueText(before?.[name]) !== valueText(after?.[name]));
  if (changed.length === 0) return undefined;
  return { stateBefore: pick(before, changed), stateAfter: pick(after, changed) };
}

function pick(facts: Facts | undefined, names: readonly string[]): string | null {
  if (facts === undefined) return null;
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, facts[name]])));
}

function valueText(value: Facts[string]): string | undefined {
  return JSON.stringify(value);
}
