/** The name of a state, for people; a number that no version of ours knows is told as it is. */
export function stateName(states: Readonly<Record<string, number>>, state: number): string {
  return Object.entries(states).find(([, number]) => number === state)?.[0] ?? `unknown (${state})`;
}
