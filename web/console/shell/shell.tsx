import { MenuOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../server/session.ts";
import { Account } from "./account.tsx";
import { Dialog } from "./dialog.tsx";
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
      <Dialog isOpen={isOpen} title={t("app.menu")} className="drawer" onClose={() => setOpen(false)}>
        <Navigation onGo={() => setOpen(false)} />
      </Dialog>
      <main id="content" className="content" tabIndex={-1}>
        <Suspense fallback={<p className="loading">{t("app.loading")}</p>}>
          <Pages />
        </Suspense>
      </main>
    </div>
  );
}
