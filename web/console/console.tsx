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

/** The whole console: its look, its language, its memory, and who is signed in. */
export function Console() {
  const [client] = useState(createQueryClient);
  const language = useLanguage();
  const theme = useTheme();
  return (
    <ConfigProvider
      csp={{ nonce: NONCE }}
      locale={language === "zh" ? zhCN.default : enUS.default}
      theme={{
        algorithm: theme.isDark ? look.darkAlgorithm : look.defaultAlgorithm,
        token: { colorPrimary: "#1a5fd0", colorLink: theme.isDark ? "#8ab8ff" : "#1a5fd0" },
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
