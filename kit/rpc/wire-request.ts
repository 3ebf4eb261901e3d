/** Headers of one call: name and value of each. */
export type CallHeaders = readonly (readonly [name: string, value: string])[];

/** A call as a client sends it, in the unary or the multiplexed form. */
export interface WireRequest {
  /** `/pay.Pay/Create` */
  readonly path: string;
  readonly bytes: Buffer;
  readonly headers: CallHeaders;
  /** True where the call may be sent again when its peer was lost. */
  readonly idempotent: boolean;
}
