/** So long after somebody's last move a request still counts as theirs. */
const AT_WORK_MS = 60_000;

let lastMoveAt = Date.now();

for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"])
  addEventListener(kind, () => noteMove(), { passive: true, capture: true });

function noteMove(): void {
  lastMoveAt = Date.now();
}

/** Milliseconds since somebody last did something on the page. */
export function quietMs(): number {
  return Date.now() - lastMoveAt;
}

/** What a request says of whether a person is at work: what the page asks by itself keeps no session from its end. */
export function activity(): "active" | "watching" {
  return quietMs() < AT_WORK_MS ? "active" : "watching";
}
