import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Trouble } from "../format/trouble.tsx";
import { SESSION_KEY } from "../server/query-client.ts";
import { signIn } from "../server/session.ts";
import { LanguageButton } from "./language-button.tsx";

interface Credentials {
  readonly mobile: string;
  readonly password: string;
}

/** Asks who comes; `hasEnded`: somebody was signed in here until now. */
export function SignIn({ hasEnded }: { readonly hasEnded: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  const submit = async (credentials: Credentials): Promise<void> => {
    setAsking(true);
    try {
      client.setQueryData(SESSION_KEY, await signIn(credentials));
    } catch (refused) {
      setError(refused);
      setAsking(false);
    }
  };
  const rules = [{ required: true, message: t("signIn.required") }];
  return (
    <main className="sign-in">
      <title>{`${t("signIn.title")} · ${t("app.title")}`}</title>
      <h1>{t("app.title")}</h1>
      <p>{t("signIn.intro")}</p>
      {hasEnded && error === undefined && <Alert type="info" showIcon title={t("signIn.ended")} />}
      {error !== undefined && <Trouble error={error} />}
      <Form layout="vertical" onFinish={submit} requiredMark={false} size="large">
        <Form.Item name="mobile" label={t("signIn.mobile")} rules={rules}>
          <Input autoComplete="username" inputMode="tel" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t("signIn.password")} rules={rules}>
          <Input type="password" autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={isAsking}>
          {t("signIn.submit")}
        </Button>
      </Form>
      <p>
        <LanguageButton />
      </p>
    </main>
  );
}
