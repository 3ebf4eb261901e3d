import type { PageSource, Pages } from "@mall/kit/rest";
import Negotiator from "negotiator";
import type { BuiltFiles } from "./built-files.ts";
import { type HomeFacts, homePage, LANGUAGES, type Language } from "./home-page.ts";
import { pageFile } from "./page-file.ts";

/**
 * The pages of a mall. `hasShop`: whether the shop is among them. `facts` is asked once somebody comes, when the mall
 * knows its own address.
 */
export function createPages(built: BuiltFiles, hasShop: boolean, facts: () => HomeFacts): Pages {
  const { assets, cashier, console: ofConsole, homeStyle, shop } = built;
  const home = inEachLanguage((language) => homePage(language, homeStyle, facts()));
  return new Map<string, PageSource>([
    ["/", home],
    ["/cashier", () => cashier],
    ...(hasShop ? [["/shop", () => shop] satisfies [string, PageSource]] : []),
    ["/console", () => ofConsole],
    // Its addresses are read by the page itself.
    ["/console/*", () => ofConsole],
    ...[...assets].map(([path, file]): [string, PageSource] => [path, () => file]),
  ]);
}

/** A page that is made once for each language. */
function inEachLanguage(make: (language: Language) => string): PageSource {
  const made = new Map<Language, ReturnType<PageSource>>();
  return (acceptLanguage) => {
    const language = preferredLanguage(acceptLanguage);
    const file = made.get(language) ?? {
      ...pageFile("index.html", Buffer.from(make(language)), false),
      language,
    };
    made.set(language, file);
    return file;
  };
}

/** The language of ours that a browser wants most; English where it wants neither. */
function preferredLanguage(acceptLanguage = "*"): Language {
  const wanted = new Negotiator({ headers: { "accept-language": acceptLanguage } }).language([...LANGUAGES]);
  return LANGUAGES.find((language) => language === wanted) ?? "en";
}
