import type { NotifyHeader } from "@mall/pay/api";
import { useTranslation } from "react-i18next";
import { bytesText } from "./bytes-text.ts";

interface Props {
  readonly headers: readonly NotifyHeader[];
  /** In base64. */
  readonly body: string;
}

/** What a channel posted, as it came. */
export function Letter({ headers, body }: Props) {
  const { t } = useTranslation();
  return (
    <div className="letter">
      <h3>{t("facts.headers")}</h3>
      <pre>{headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}</pre>
      <h3>{t("facts.body")}</h3>
      <pre>{bytesText(body)}</pre>
    </div>
  );
}
