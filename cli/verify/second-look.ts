import type { Finding, Report } from "./finding.ts";

/** Rows that are looked at again together. */
const BATCH_SIZE = 500;

/** What a look at some rows comes to; each look reads what is committed when it begins. */
export type Look = (ids: readonly number[]) => Promise<Finding[]>;

/**
 * Two databases are never read at the same moment, so what does not fit may have been made to fit in between. What
 * looks wrong is therefore looked at twice more, and is a difference where both looks say the same: no row comes back
 * to a state that it has left, so there was a moment between the two at which all of them stood so.
 */
export class SecondLooks {
  readonly #look: Look;
  readonly #report: Report;
  #ids: number[] = [];

  constructor(look: Look, report: Report) {
    this.#look = look;
    this.#report = report;
  }

  /** Has rows looked at again, now or with the next. */
  async suspect(ids: readonly number[]): Promise<void> {
    this.#ids.push(...ids);
    if (this.#ids.length >= BATCH_SIZE) await this.finish();
  }

  /** Looks at all that are left. */
  async finish(): Promise<void> {
    const ids = this.#ids;
    this.#ids = [];
    if (ids.length === 0) return;
    const first = new Set((await this.#look(ids)).map(nameOf));
    for (const finding of await this.#look(ids)) {
      const isStable = finding.isUnderWay || first.has(nameOf(finding));
      await this.#report(isStable ? finding : { ...finding, isUnderWay: true });
    }
  }
}

function nameOf({ kind, text }: Finding): string {
  return `${kind} ${text}`;
}
