import { MenuOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../server/session.ts";
import { Account } from "./account.tsx";
import { Find } from "./find.tsx";
import { Navigation } from "./navigation.tsx";
import { Pages } from "./pages.tsx";

/** What surrounds every page of who is signed in. */
export function Shell({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <header className="top">
        <Button
          className="only-phone"
          type="text"
          icon={<MenuOutlined />}
          aria-label={t("app.menu")}
          onClick={() => setOpen(true)}
        />
        <strong className="brand">{t("app.title")}</strong>
        <Find />
        <Account session={session} />
      </header>
      <div className="side">
        <Navigation />
      </div>
      <Drawer
        open={isOpen}
        onClose={() => setOpen(false)}
        placement="left"
        size={260}
        title={t("app.title")}
        closable={{ "aria-label": t("app.close") }}
      >
        <Navigation onGo={() => setOpen(false)} />
      </Drawer>
      <main id="content" className="content" tabIndex={-1}>
        <Suspense fallback={<p className="loading">{t("app.loading")}</p>}>
          <Pages />
        </Suspense>
      </main>
    </div>
  );
}
