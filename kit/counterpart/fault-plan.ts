/** A fault to come; with other fields beside these, it is only for what has the same values in them. */
export interface PlannedFault<Name extends string> {
  readonly fault: Name;
  /** How often; once by default. */
  readonly times?: number | undefined;
  /** How long, for those that take time; 0 by default. */
  readonly ms?: number | undefined;
}

/** What happens at the moment, by which a fault may say what it is meant for. */
type Scope<Fault> = {
  readonly [Key in Exclude<keyof Fault, "fault" | "times" | "ms">]?: string | undefined;
};

/** The faults that a stand-in for an outside party shall make, in order; a restart forgets them. */
export class FaultPlan<Name extends string, Fault extends PlannedFault<Name>> {
  #waiting: Fault[] = [];

  /** Takes the place of all earlier ones. */
  set(faults: readonly Fault[]): void {
    this.#waiting = faults.map(({ times = 1, ms = 0, ...fault }) => ({ ...fault, times, ms }) as Fault);
  }

  /** The faults still to come, with their defaults. */
  get waiting(): readonly Fault[] {
    return this.#waiting;
  }

  /** The first fault among `names` that is meant for what happens, which then has one time less. */
  take<Taken extends Name>(
    scope: Scope<Fault>,
    ...names: readonly Taken[]
  ): { readonly fault: Taken; readonly ms: number } | undefined {
    for (const [index, waiting] of this.#waiting.entries()) {
      const name = names.find((one) => one === waiting.fault);
      if (name === undefined || !isMeant(waiting, scope)) continue;
      const { times = 1, ms = 0 } = waiting;
      if (times > 1) this.#waiting[index] = { ...waiting, times: times - 1 };
      else this.#waiting.splice(index, 1);
      return { fault: name, ms };
    }
    return undefined;
  }
}

function isMeant(fault: object, scope: object): boolean {
  return Object.entries(fault).every(
    ([key, value]) =>
      key === "fault" ||
      key === "times" ||
      key === "ms" ||
      value === "" ||
      value === undefined ||
      value === Reflect.get(scope, key),
  );
}
