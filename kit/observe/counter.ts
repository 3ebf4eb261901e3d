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
