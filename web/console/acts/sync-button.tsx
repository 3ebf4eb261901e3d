import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useTrouble } from "../format/trouble.tsx";
import { pay } from "../server/clients.ts";

/** Asks the channel what it knows; changes nothing that the channel has not decided. */
export function SyncButton({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const tell = useTrouble();
  const asking = useMutation({
    mutationFn: () => pay.sync({ id }),
    onSuccess: () => message.success(t("acts.done")),
    onError: (error) => message.error(tell(error)),
  });
  return (
    <Button onClick={() => asking.mutate()} loading={asking.isPending}>
      {t("acts.sync")}
    </Button>
  );
}
