/**
 * What never may stand in a log, wherever it came from: texts of drivers quote values, and clients choose the
 * paths they ask for. Ids of traces are hexadecimal words, so that runs of digits in them do not count. Lengths
 * are bounded where a text made for it could keep an expression busy.
 */
const SECRETS: readonly [RegExp, string][] = [
  // Tokens: by scheme, and JSON Web Tokens wherever they stand.
  [/\bbearer\s+[^\s"',;]+/gi, "[token]"],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, "[token]"],
  // `password=…`, `"token": "…"`.
  [
    /\b(pass(?:word|wd)?|pwd|token|secret|authorization)(["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s"',;&)]+)/gi,
    "$1$2[redacted]",
  ],
  // Credentials in addresses: `user:password@tcp(…)`, `//user:password@host`.
  [/[^\s:/@"'(]{1,64}:[^\s"']{1,128}@(?=(?:tcp|unix)\()/g, "[redacted]@"],
  [/(?<=\/\/)[^\s/@:]{0,64}:[^\s/@]{1,128}@/g, "[redacted]@"],
  // Mobile and card numbers, also in groups.
  [/(?<![\w.])\+?\d(?:[ -]?\d){10,18}(?![\w])/g, "[digits]"],
];

/** Whether a text may hold one of the above; most do not, and are spared the rest. */
const SUSPICIOUS = /\d[ -]?\d(?:[ -]?\d){9}|@|eyJ|bearer|pass|pwd|token|secret|authorization/i;

/** The text without secrets. */
export function scrub(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return SECRETS.reduce((clean, [secret, stand]) => clean.replace(secret, stand), text);
}
