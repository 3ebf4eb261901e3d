const SECOND_MS = 1000;

let cachedSecond = Number.NaN;
let cachedHead = "";
let cachedZone = "";

/** go-zero's `2006-01-02T15:04:05.000Z07:00`: local time with its distance from UTC, `Z` where that is none. */
export function formatTimestamp(epochMs: number): string {
  const second = Math.floor(epochMs / SECOND_MS);
  if (second !== cachedSecond) {
    const date = new Date(epochMs);
    cachedHead = localSecond(date);
    cachedZone = zoneOf(date);
    cachedSecond = second;
  }
  return `${cachedHead}.${pad(Math.floor(epochMs) - second * SECOND_MS, 3)}${cachedZone}`;
}

function localSecond(date: Date): string {
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return "Z";
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(distance / 60))}:${pad(distance % 60)}`;
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}
