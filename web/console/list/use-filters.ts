import { useSearchParams } from "react-router";

/** The filters of a list, which stand in the page's address, so that a list can be sent to somebody. */
export function useFilters<Name extends string>(): {
  readonly filters: Readonly<Partial<Record<Name, string>>>;
  set(name: Name, value: string | undefined): void;
} {
  const [params, setParams] = useSearchParams();
  return {
    filters: Object.fromEntries(params) as Partial<Record<Name, string>>,
    set: (name, value) =>
      setParams(() => {
        // Not as they were drawn: of two that are set at once the second one would undo the first.
        const after = new URLSearchParams(location.search);
        if (value === undefined) after.delete(name);
        else after.set(name, value);
        return after;
      }),
  };
}

/** A filter that is a number, as requests have it; undefined for none. */
export function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d{1,15}$/.test(text) ? undefined : Number(text);
}
