/** What the test looks at: who came by. */
export interface ServiceContext {
  readonly seen: string[];
}
