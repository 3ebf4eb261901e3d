import { readFileSync } from "node:fs";
import { join } from "node:path";
import { htmlAnswer, type SimAnswer } from "../core/sim-http.ts";

/** A page loads and calls only its own server; the form of a channel's product posts to it as well. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const FILES = {
  "pages.css": "text/css; charset=utf-8",
  "pages.js": "text/javascript; charset=utf-8",
} as const;

/** A file that pages are made of beside themselves; undefined for another name. */
export function pageFile(name: string): SimAnswer | undefined {
  const type = Object.entries(FILES).find(([file]) => file === name)?.[1];
  if (type === undefined) return undefined;
  return {
    status: 200,
    headers: { "Content-Type": type },
    body: readFileSync(join(import.meta.dirname, name)),
  };
}

/** A whole page around `content`, which is HTML. */
export function pageOf(status: number, title: string, content: string): SimAnswer {
  const answer = htmlAnswer(
    status,
    `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/simulator/pages.css">
<script src="/simulator/pages.js" defer></script>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
<footer>渠道模拟器，不会发生真实扣款。Simulator: no money moves.</footer>
</main>
</body>
</html>
`,
  );
  const headers = { "Content-Security-Policy": CONTENT_SECURITY_POLICY, "Referrer-Policy": "no-referrer" };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** A text in the page's language, and in English for who does not read that. */
export function both(chinese: string, english: string): string {
  return `${chinese} <span lang="en">${english}</span>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
