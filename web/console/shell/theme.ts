import { createContext, useEffect, useState, useSyncExternalStore } from "react";

const STORED = "mall-console-theme";
const DARK = matchMedia("(prefers-color-scheme: dark)");

/** What somebody may choose. */
export const THEMES = ["system", "light", "dark"] as const;

type ThemeChoice = (typeof THEMES)[number];

export interface Theme {
  readonly choice: ThemeChoice;
  readonly isDark: boolean;
  choose(choice: ThemeChoice): void;
}

export const ThemeContext = createContext<Theme>({ choice: "system", isDark: false, choose: () => {} });

/** The colours of the page: as chosen in this browser before, else as its system wants them. */
export function useTheme(): Theme {
  const [choice, setChoice] = useState(storedChoice);
  const wantsDark = useSyncExternalStore(watchSystem, () => DARK.matches);
  const isDark = choice === "dark" || (choice === "system" && wantsDark);
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }, [isDark]);
  const choose = (next: ThemeChoice): void => {
    localStorage.setItem(STORED, next);
    setChoice(next);
  };
  return { choice, isDark, choose };
}

function storedChoice(): ThemeChoice {
  const stored = localStorage.getItem(STORED);
  return THEMES.find((each) => each === stored) ?? "system";
}

function watchSystem(changed: () => void): () => void {
  DARK.addEventListener("change", changed);
  return () => DARK.removeEventListener("change", changed);
}
