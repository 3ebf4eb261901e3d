import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { speak, useLanguage } from "../texts/i18n.ts";

/** Changes to the other language, of which it bears the name. */
export function LanguageButton() {
  const { t } = useTranslation();
  const other = useLanguage() === "zh" ? "en" : "zh";
  return (
    <Button type="text" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => void speak(other)}>
      {t("app.language")}
    </Button>
  );
}
