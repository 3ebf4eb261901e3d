/** What the files of a new service call it. */
export interface ServiceNames {
  /** Its folder and package: `review`. */
  readonly name: string;
  /** What its types start with: `Review`. */
  readonly type: string;
  readonly ports: { readonly api: number; readonly rpc: number };
  /** True outside of a mall: it has nobody beside it, and starts by itself. */
  readonly alone: boolean;
  /** What its tokens are signed with, where there is no mall that has a secret. */
  readonly secret: string;
}
