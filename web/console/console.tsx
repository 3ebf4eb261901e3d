import { QueryClientProvider } from "@tanstack/react-query";
import { App, ConfigProvider, theme as look } from "antd";
import enUS from "antd/locale/en_US.js";
import zhCN from "antd/locale/zh_CN.js";
import { useState } from "react";
import { BrowserRouter } from "react-router";
import { createQueryClient } from "./server/query-client.ts";
import { SessionGate } from "./shell/session-gate.tsx";
import { ThemeContext, useTheme } from "./shell/theme.ts";
import { useLanguage } from "./texts/i18n.ts";

const NONCE = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/** Colours that are read well on their ground (WCAG 2.2, 4.5 to 1). */
const LIGHT = {
  colorPrimary: "#1a5fd0",
  colorPrimaryHover: "#174ea6",
  colorLink: "#1a5fd0",
  colorError: "#b3261e",
  colorErrorHover: "#8f1d16",
};
const DARK = {
  colorPrimary: "#2f6fdd",
  colorPrimaryHover: "#2861c4",
  colorLink: "#8ab8ff",
  colorError: "#ff9c92",
  colorErrorHover: "#ffb3ab",
};
const DARK_BUTTON = { dangerColor: "#24110f", defaultHoverColor: "#8ab8ff", defaultActiveColor: "#8ab8ff" };

/** The whole console: its look, its language, its memory, and who is signed in. */
export function Console() {
  const [client] = useState(createQueryClient);
  const language = useLanguage();
  const theme = useTheme();
  return (
    <ConfigProvider
      csp={{ nonce: NONCE }}
      // A space between two characters of Chinese is another word to a screen reader.
      button={{ autoInsertSpace: false }}
      locale={language === "zh" ? zhCN.default : enUS.default}
      theme={{
        algorithm: theme.isDark ? look.darkAlgorithm : look.defaultAlgorithm,
        token: theme.isDark ? DARK : LIGHT,
        components: theme.isDark ? { Button: DARK_BUTTON } : {},
      }}
    >
      <App>
        <QueryClientProvider client={client}>
          <ThemeContext value={theme}>
            <BrowserRouter basename="/console">
              <SessionGate />
            </BrowserRouter>
          </ThemeContext>
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}
