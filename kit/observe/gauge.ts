/** Something whose size at this moment matters, such as a queue. */
export interface GaugeDefinition {
  /** `mall_<what>`, with its unit where it has one. */
  readonly name: string;
  readonly help: string;
  /** Names of the labels; their values must be few. */
  readonly labels: readonly string[];
}

/** The size of one of the things that a gauge is about. */
export interface GaugeReading {
  /** Values in the order of the definition. */
  readonly labels: readonly string[];
  readonly value: number;
}

/** What a gauge shows now; asked whenever metrics are fetched. What rejects shows nothing this time. */
export type ReadGauge = () => Promise<readonly GaugeReading[]>;
