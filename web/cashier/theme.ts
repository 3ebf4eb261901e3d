/** Gives the page a shop's colour, `#rrggbb`; empty: the page's own. A style of its own would be against the page's policy, a property is not. */
export function applyTheme(color: string, style: Pick<CSSStyleDeclaration, "setProperty">): void {
  if (color === "") return;
  style.setProperty("--accent", color);
  style.setProperty("--on-accent", luminance(color) > 0.179 ? "#000" : "#fff");
}

/** Relative luminance of `#rrggbb` (WCAG 2.2): black is read better than white above 0.179. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
