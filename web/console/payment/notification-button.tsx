import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Trouble } from "../format/trouble.tsx";
import { pay } from "../server/clients.ts";
import { DialogButton } from "../shell/dialog-button.tsx";
import { Letter } from "./letter.tsx";

/** Shows a notification as it came. */
export function NotificationButton({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  return (
    <DialogButton label={t("notify.look")}>
      <Content id={id} />
    </DialogButton>
  );
}

function Content({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ["notification", id],
    queryFn: () => pay.notifyDetail({ id }),
  });
  if (error !== null) return <Trouble error={error} />;
  if (data === undefined) return <p className="loading">{t("app.loading")}</p>;
  return <Letter headers={data.headers} body={data.body} />;
}
