/** As much of a text as a column of so many characters holds, never half of a character. */
export function fitText(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed();
}
