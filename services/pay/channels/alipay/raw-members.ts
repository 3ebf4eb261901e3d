/** A string, a bracket, or a number or word; of valid JSON, where what is between them goes without saying. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|[^\s"{}[\]:,]+/g;

/**
 * The members of the JSON object that a text is, each value as it stands in the text. What a bracket or a quotation
 * mark is within a string is told apart by reading strings as JSON does.
 *
 * @throws SyntaxError where the text is not one JSON object, or names a member twice.
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

/** Names and values of the outermost object, in turn. */
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
