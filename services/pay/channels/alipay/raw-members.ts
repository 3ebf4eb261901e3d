/** A string, a bracket, or a number or word. In valid JSON, nothing else between them matters. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|[^\s"{}[\]:,]+/g;

/**
 * The members of a JSON object, with each value as its original text. Brackets and quotation marks inside strings are
 * skipped by matching strings as a whole.
 *
 * @throws SyntaxError if the text is not a single JSON object, or names a member twice.
 */
export function rawMembers(text: string): ReadonlyMap<string, string> {
  if (!text.trimStart().startsWith("{")) throw new SyntaxError("it is no JSON object");
  JSON.parse(text);
  const members = new Map<string, string>();
  let name: string | undefined;
  for (const raw of topLevel(text)) {
    if (name === undefined) {
      name = String(JSON.parse(raw));
      if (members.has(name)) throw new SyntaxError("a member is there twice");
    } else {
      members.set(name, raw);
      name = undefined;
    }
  }
  return members;
}

/** Names and values of the outermost object, alternately. */
function* topLevel(text: string): Generator<string> {
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      if (depth === 1) start = index;
      depth += 1;
    } else if (token === "}" || token === "]") {
      depth -= 1;
      if (depth === 1) yield text.slice(start, index + 1);
    } else if (depth === 1) yield token;
  }
}
