import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** Leads to the payments that a number which somebody holds is of. */
export function Find() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (text: string): void => {
    if (text.trim() !== "") void navigate(`/payments?${new URLSearchParams({ text: text.trim() })}`);
  };
  return (
    <search className="find">
      <Input.Search aria-label={t("app.find")} placeholder={t("app.findHint")} onSearch={go} allowClear />
    </search>
  );
}
