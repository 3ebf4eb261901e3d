import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { EN, type Texts } from "./en.ts";
import { ZH } from "./zh.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "texts";
    resources: { texts: Texts };
  }
}

const STORED = "mall-console-language";

/** What the console speaks. */
export type Language = "en" | "zh";

/** Begins with the language that was chosen here before, or else the browser's. */
export function beginTexts(): void {
  i18next.use(initReactI18next);
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  });
  // With everything at hand it is done before it returns.
  void i18next.init({
    lng: localStorage.getItem(STORED) ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
    fallbackLng: "en",
    defaultNS: "texts",
    initAsync: false,
    // React writes text as text.
    interpolation: { escapeValue: false },
    resources: { en: { texts: EN }, zh: { texts: ZH } },
  });
}

/** Changes the language, for as long as this browser remembers. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await i18next.changeLanguage(language);
}

/** The language that the page is in. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === "zh" ? "zh" : "en";
}

/** Gives the word of a group (`payStates`) for what a server says; what no text knows is told as it is. */
export function useWords(): (group: keyof Texts, key: string | number) => string {
  const language = useLanguage();
  return (group, key) => {
    const words: Readonly<Record<string, unknown>> = (language === "zh" ? ZH : EN)[group];
    const word = Object.hasOwn(words, key) ? words[key] : undefined;
    return typeof word === "string" ? word : String(key);
  };
}
