import { HOME_TEXTS } from "./home-texts.ts";
import { type Html, html } from "./html.ts";

/** What pages are written in, the first by default; BCP 47. */
export const LANGUAGES = ["en", "zh"] as const;

export type Language = (typeof LANGUAGES)[number];

/** What a home page tells of its mall. */
export interface HomeFacts {
  /** Of the gateway, as it knows itself. */
  readonly url: string;
  readonly mode: string;
  /** False in `pro`, where the page tells only what is everybody's. */
  readonly isTried: boolean;
  /** Whether the shop is served, which is everybody's then. */
  readonly hasShop: boolean;
  readonly hasSandbox: boolean;
  /** The page of the mall's own simulator of the real channels; undefined where it has none. */
  readonly simulatorUrl: string | undefined;
  /** Where metrics are read; undefined where they are not served. */
  readonly metricsUrl: string | undefined;
}

/** The page at `/`. `style`: path of its style. */
export function homePage(language: Language, style: string, facts: HomeFacts): string {
  const texts = HOME_TEXTS[language];
  const page = html`<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>mall</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
</head>
<body>
<header>
<h1>mall</h1>
<p>${texts.what}</p>
<p class="running"><span class="dot" aria-hidden="true"></span> ${facts.isTried ? texts.runningIn(facts.mode) : texts.running}</p>
</header>
<main>
<section aria-labelledby="places">
<h2 id="places">${texts.places}</h2>
<ul class="cards">${placesOf(language, facts)}</ul>
</section>
${facts.isTried ? trial(language, facts) : html``}
</main>
</body>
</html>
`;
  return page.text;
}

function placesOf(language: Language, { isTried, hasShop, metricsUrl, simulatorUrl }: HomeFacts): Html[] {
  const {
    shop,
    console: ofConsole,
    docs,
    description,
    health,
    simulator,
    metrics,
    noMetrics,
  } = HOME_TEXTS[language];
  const shops = hasShop ? [card("/shop", "/shop", shop)] : [];
  const everybodys = [
    card("/docs", "/docs", docs),
    card("/openapi.json", "/openapi.json", description),
    card("/healthz", "/healthz", health),
  ];
  if (!isTried) return [...shops, ...everybodys];
  return [
    ...shops,
    card("/console", "/console", ofConsole),
    ...everybodys,
    ...(simulatorUrl === undefined ? [] : [card(simulatorUrl, simulatorUrl, simulator)]),
    metricsUrl === undefined
      ? html`<li><b>DevServer</b><span>${noMetrics}</span></li>`
      : card(metricsUrl, metricsUrl, metrics),
  ];
}

function card(href: string, name: string, text: string): Html {
  return html`<li><a href="${href}">${name}</a><span>${text}</span></li>`;
}

/** The way through the pages that shows what the mall is for. */
function walk(language: Language, { hasShop, simulatorUrl }: HomeFacts): Html {
  const { walk: texts } = HOME_TEXTS[language];
  if (!hasShop) return html``;
  const lost =
    simulatorUrl === undefined
      ? []
      : [html`<li>${texts.lost[0]} <a href="${simulatorUrl}">${simulatorUrl}</a>${texts.lost[1]}</li>`];
  return html`<section aria-labelledby="walk">
<h2 id="walk">${texts.title}</h2>
<ol>
<li><a href="/shop">/shop</a>${texts.enter}</li>
<li>${texts.buy}</li>
<li>${texts.look}</li>
${lost}
</ol>
</section>`;
}

/** How to try it, for whoever started it. */
function trial(language: Language, facts: HomeFacts): Html {
  const { url, hasSandbox, simulatorUrl } = facts;
  const texts = HOME_TEXTS[language];
  return html`${walk(language, facts)}
<section aria-labelledby="buy">
<h2 id="buy">${texts.buy}</h2>
<p>${texts.buyHow}</p>
<pre tabindex="0"><code>npx mall demo</code></pre>
<p>${texts.byHand}</p>
<pre tabindex="0"><code>curl ${url}/api/user/register -H 'Content-Type: application/json' \\
  -d '{"name":"ving","gender":1,"mobile":"15212230311","password":"123456"}'
curl ${url}/api/user/login -H 'Content-Type: application/json' \\
  -d '{"mobile":"15212230311","password":"123456"}'</code></pre>
</section>
<section aria-labelledby="cashier">
<h2 id="cashier">${texts.cashier}</h2>
<p>${texts.cashierHow}</p>
<pre tabindex="0"><code>npx mall demo --cashier</code></pre>
<p>${hasSandbox ? texts.sandbox : texts.noSandbox}</p>
${simulatorUrl === undefined ? html`` : html`<p>${texts.realOnes}</p>`}
</section>
<section aria-labelledby="admin">
<h2 id="admin">${texts.admin}</h2>
<p>${texts.adminHow}</p>
<pre tabindex="0"><code>npx mall admin 15212230311</code></pre>
</section>`;
}
