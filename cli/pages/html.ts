/** Text that is HTML already: only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[];

/** HTML whose values are escaped unless they are HTML themselves. */
export function html(texts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: texts }, ...values.map(escaped)));
}

function escaped(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
