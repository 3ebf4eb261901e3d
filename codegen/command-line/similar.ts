/** ` (Did you mean proto?)` where one of the names is near to the word; else nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = names
    .map((name) => ({ name, edits: edits(word, name) }))
    .filter(({ name, edits }) => edits <= 2 && edits < name.length / 2)
    .sort((one, other) => one.edits - other.edits);
  return near[0] === undefined ? "" : `\n(Did you mean ${near[0].name}?)`;
}

/** How many letters have to be changed, added or left out. */
function edits(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      now.push(
        Math.min((before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, (before[column - 1] ?? 0) + same),
      );
    }
    before = now;
  }
  return before[to.length] ?? 0;
}
