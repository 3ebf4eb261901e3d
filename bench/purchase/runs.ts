/** How long malls are measured. */
export interface Runs {
  readonly rounds: number;
  /** Of each run. */
  readonly seconds: number;
  /** Of the run before them, in which a mall's code is compiled: what is bought in it does not count. */
  readonly warmUpSeconds: number;
}
