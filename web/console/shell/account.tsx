import { BgColorsOutlined, LogoutOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { useTrouble } from "../format/trouble.tsx";
import { forget } from "../server/query-client.ts";
import { type Session, signOut } from "../server/session.ts";
import { useWords } from "../texts/i18n.ts";
import { LanguageButton } from "./language-button.tsx";
import { THEMES, ThemeContext } from "./theme.ts";

/** Who is signed in, and what is theirs: language, colours, the way out. */
export function Account({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const words = useWords();
  const client = useQueryClient();
  const { message } = App.useApp();
  const tell = useTrouble();
  // Whoever leaves a desk must know whether the session is over.
  const leave = (): Promise<void> =>
    signOut().then(
      () => forget(client),
      (error) => void message.error(tell(error)),
    );
  return (
    <div className="account">
      <span className="only-desk">
        {words("roles", session.role)} · {t("app.user", { uid: session.uid })}
      </span>
      <ThemeButton />
      <LanguageButton />
      <Button type="text" icon={<LogoutOutlined />} onClick={leave} aria-label={t("app.signOut")}>
        <span className="only-desk">{t("app.signOut")}</span>
      </Button>
    </div>
  );
}

function ThemeButton() {
  const { t } = useTranslation();
  const { choice, choose } = useContext(ThemeContext);
  const items = THEMES.map((key) => ({ key, label: t(`app.themes.${key}`), onClick: () => choose(key) }));
  return (
    <Dropdown menu={{ items, selectable: true, selectedKeys: [choice] }} trigger={["click"]}>
      <Button type="text" icon={<BgColorsOutlined />} aria-label={t("app.theme")} />
    </Dropdown>
  );
}
