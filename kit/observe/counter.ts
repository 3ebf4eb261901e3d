/** Something of the business that is counted where it happens. */
export interface CounterDefinition {
  /** `mall_<what>_total`, as Prometheus wants counters named. */
  readonly name: string;
  readonly help: string;
  /** Names of the labels; their values must be few. */
  readonly labels: readonly string[];
}

/** A counter that only grows. */
export interface Counter {
  /** Adds `amount`; `labels` are the values in the order of the definition. */
  add(amount: number, ...labels: readonly string[]): void;
}

/**
 * Counters without labels, each as a function that adds 1, under the names that the code counts by.
 *
 * @param definitions name and help of each counter, as in a {@link CounterDefinition}.
 */
export function countersOf<Name extends string>(
  observer: { counter(definition: CounterDefinition): Counter },
  definitions: Readonly<Record<Name, Omit<CounterDefinition, "labels">>>,
): Record<Name, () => void> {
  const counters = Object.entries<Omit<CounterDefinition, "labels">>(definitions).map(
    ([name, definition]) => {
      const counter = observer.counter({ ...definition, labels: [] });
      return [name, () => counter.add(1)];
    },
  );
  return Object.fromEntries(counters);
}
