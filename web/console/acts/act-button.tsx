import { AppError } from "@mall/kit/errors";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../shared/new-key.ts";
import { Trouble } from "../format/trouble.tsx";
import { lookAgain } from "../server/query-client.ts";
import { Dialog } from "../shell/dialog.tsx";

interface Props {
  readonly label: string;
  /** What will follow, in a sentence and, where there is something to compare, a table. */
  readonly preview: ReactNode;
  /** True where money moves or something ends. */
  readonly isGrave?: boolean;
  /** False while something in the preview is still to be filled in. */
  readonly isReady?: boolean;
  /** Begins anew: what was filled in before counts no more. */
  readonly onOpen?: () => void;
  /** Does it, under a key of its own, so that asking twice does it once. */
  act(idempotencyKey: string): Promise<unknown>;
}

/** True of an answer by which nothing has happened yet: a second person is asked. */
function asksSecond(answer: unknown): boolean {
  return Reflect.get(Object(answer), "approvalId") !== undefined;
}

/** True where the act may have been done although nobody said so. */
function isUnanswered(error: unknown): boolean {
  return error instanceof AppError && (error.reason === "NO_ANSWER" || error.code === "DEADLINE_EXCEEDED");
}

/** An act with a preview of what follows, done only when it is confirmed. */
export function ActButton({ label, preview, isGrave = false, isReady = true, onOpen, act }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [key, setKey] = useState<string>();
  const doing = useMutation({
    mutationFn: act,
    onSuccess: (answer) => {
      setKey(undefined);
      void message.success(t(asksSecond(answer) ? "acts.asked" : "acts.done"));
    },
  });
  const open = (): void => {
    doing.reset();
    onOpen?.();
    setKey(newKey());
  };
  const close = (): void => {
    setKey(undefined);
    // What was refused, or not answered, was previewed by what is so no more.
    if (doing.isError) void lookAgain(client);
  };
  return (
    <>
      <Button danger={isGrave} onClick={open}>
        {label}
      </Button>
      <Dialog isOpen={key !== undefined} title={label} onClose={close}>
        <h3>{t("acts.will")}</h3>
        {preview}
        {doing.error !== null && <Trouble error={doing.error} />}
        {isUnanswered(doing.error) && <p role="status">{t("acts.unanswered")}</p>}
        <footer>
          <Button onClick={close}>{t("acts.cancel")}</Button>
          <Button
            type="primary"
            danger={isGrave}
            disabled={!isReady}
            loading={doing.isPending}
            onClick={() => key !== undefined && doing.mutate(key)}
          >
            {label}
          </Button>
        </footer>
      </Dialog>
    </>
  );
}
