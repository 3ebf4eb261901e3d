import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** Leads to a payment by a number that somebody holds. */
export function Find() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (text: string): void => {
    if (/^\d+$/.test(text.trim())) void navigate(`/payments/${text.trim()}`);
  };
  return (
    <search className="find">
      <Input.Search aria-label={t("app.find")} placeholder={t("app.findHint")} onSearch={go} allowClear />
    </search>
  );
}
