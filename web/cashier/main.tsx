/** @jsxImportSource preact */
import { render } from "preact";
import { CashierPage } from "./cashier-page.tsx";
import { PaymentServer } from "./server.ts";
import { textsFor } from "./texts.ts";

const { language, texts } = textsFor(navigator.languages);
document.documentElement.lang = language;
document.title = texts.title;

const place = document.getElementById("cashier");
place?.replaceChildren();

/** Draws the payment of the link, which stands behind the #: what stands there is sent to nobody. */
function draw(): void {
  if (place === null) return;
  const server = new PaymentServer(location.hash.slice(1));
  render(<CashierPage key={location.hash} server={server} language={language} texts={texts} />, place);
}

addEventListener("hashchange", draw);
draw();
