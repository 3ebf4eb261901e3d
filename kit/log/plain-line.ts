const KEYS_IN_FRONT = new Set(["@timestamp", "level", "content"]);

/** Characters that would end a line or move the cursor; clients choose some of what is logged. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find.
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/** go-zero's `Encoding: plain`: time, level, sentence and the other fields, separated by tabs. */
export function plainLine(jsonLine: string): string {
  const fields: Record<string, unknown> = JSON.parse(jsonLine);
  const rest = Object.entries(fields).filter(([name]) => !KEYS_IN_FRONT.has(name));
  const parts = [
    String(fields["@timestamp"]),
    String(fields.level),
    String(fields.content),
    ...rest.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`),
  ];
  return `${parts.map((part) => part.replace(CONTROL, " ")).join("\t")}\n`;
}
