/** A message that differs from another in one thing, and what that is. */
interface Mutation {
  readonly what: string;
  readonly text: string;
}

const ENORMOUS = "9".repeat(70_000);
const MARK = "the value that is replaced";

/** What stands in a field instead of what belongs there, as JSON. */
const WRONG = {
  null: "null",
  "a number": "1.5",
  "a list": "[]",
  "an object": "{}",
  "a switch": "true",
  "an empty text": '""',
  "control characters": String.raw`"\u0000\u001b\n"`,
  "an enormous text": `"${ENORMOUS}"`,
  "an enormous number": ENORMOUS,
  "beyond 2^53": "9007199254740993",
  "less than nothing": "-1",
} as const;

/** All that can be wrong with a field. */
export type Wrong = keyof typeof WRONG | "missing";

/**
 * JSON whose field at a path is missing, mistyped, enormous, or there twice, each in a text of its own; without what
 * `fits`, being as good as what was there.
 */
export function mutationsAt(message: object, path: string, fits: readonly Wrong[] = []): Mutation[] {
  const keys = path.split(".");
  const [last = ""] = keys.slice(-1);
  const value = JSON.stringify(keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), message));
  const marked = textWith(message, keys, MARK);
  const mutations = Object.entries(WRONG).map(([what, json]) => ({
    what,
    text: marked.replace(JSON.stringify(MARK), () => json),
  }));
  mutations.push({ what: "missing", text: textWith(message, keys, undefined) });
  const twice = marked.replace(JSON.stringify(MARK), () => `${value},${JSON.stringify(last)}:${value}`);
  return [
    ...mutations.filter(({ what }) => !fits.some((fit) => fit === what)),
    { what: "twice", text: twice },
  ].map(({ what, text }) => ({ what: `${path}: ${what}`, text }));
}

function textWith(message: object, keys: readonly string[], value: unknown): string {
  const copy: object = structuredClone(message);
  const holder = keys.slice(0, -1).reduce<object>((at, key) => Object(Reflect.get(at, key)), copy);
  Reflect.set(holder, keys.at(-1) ?? "", value);
  return JSON.stringify(copy);
}

/** The bytes of a message with one bit of one byte changed, for each byte. */
export function* flipped(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    yield changed;
  }
}
