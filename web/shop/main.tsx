/** @jsxImportSource preact */
import { render } from "preact";
import { languageOf } from "../shared/language.ts";
import { Shop } from "./shop.tsx";
import { TEXTS } from "./texts.ts";

const language = languageOf(navigator.languages);
const texts = TEXTS[language];
document.documentElement.lang = language;

const place = document.getElementById("shop");
place?.replaceChildren();
if (place !== null) render(<Shop language={language} texts={texts} />, place);
