import { AppError } from "@mall/kit/errors";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useWords } from "../texts/i18n.ts";

/** What went wrong, in the page's language where it has words for it, and the server's own beside. */
export function Trouble({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  const tell = useTrouble();
  return (
    <Alert
      type="error"
      showIcon
      title={tell(error)}
      action={onRetry && <Button onClick={onRetry}>{t("app.retry")}</Button>}
    />
  );
}

/** Tells an error in a sentence. */
export function useTrouble(): (error: unknown) => string {
  const words = useWords();
  return (error) => {
    if (!(error instanceof AppError)) return String(error);
    const word = words("errors", error.reason);
    return word === error.reason ? `${error.message} (${error.reason})` : word;
  };
}
