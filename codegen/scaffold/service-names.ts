/** What the files of a new service call it. */
export interface ServiceNames {
  /** Its folder and package: `review`. */
  readonly name: string;
  /** What its types start with: `Review`. */
  readonly type: string;
  readonly ports: { readonly api: number; readonly rpc: number };
}
