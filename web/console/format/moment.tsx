import { useLanguage } from "../texts/i18n.ts";

/**
 * A moment by the viewer's clock; `at` in Unix milliseconds, 0 for none. Of one that is known to the second only no
 * milliseconds are told.
 */
export function Moment({ at, withMs = false }: { readonly at: number; readonly withMs?: boolean }) {
  const language = useLanguage();
  if (at === 0) return <>—</>;
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={iso}>
      {momentText(at, language, withMs && at % 1000 !== 0)}
    </time>
  );
}

/** As `Moment` shows it. */
function momentText(at: number, language: string, withMs = false): string {
  const format = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    year: "numeric",
    month: language === "zh" ? "2-digit" : "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    ...(withMs ? { fractionalSecondDigits: 3 } : {}),
  });
  return format.format(at);
}

/** As files have it; `seconds` since 1970, 0 for none. */
export function isoText(seconds: number): string {
  return seconds === 0 ? "" : new Date(seconds * 1000).toISOString();
}

/** The viewer's time zone, as IANA names it. */
export function viewersZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
