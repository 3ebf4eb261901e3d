/** The language of the pages that somebody reads, by the browser's wishes; BCP 47. English where they read neither. */
export function languageOf(languages: readonly string[]): "en" | "zh-CN" {
  const known = languages.find((language) => /^(en|zh)\b/i.test(language)) ?? "en";
  return /^zh/i.test(known) ? "zh-CN" : "en";
}
