import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

const PLACES = {
  attention: "/",
  dashboard: "/dashboard",
  payments: "/payments",
  refunds: "/refunds",
  approvals: "/approvals",
  notifications: "/notifications",
  refused: "/notifications/refused",
  channels: "/channels",
  bills: "/bills",
  orders: "/orders",
  products: "/products",
  users: "/users",
  jobs: "/jobs",
  audit: "/audit",
} as const;
const NAMES = Object.keys(PLACES) as (keyof typeof PLACES)[];

/** Those that lead to pages below them, which have no way of their own here. */
const ROOFS: ReadonlySet<string> = new Set(["payments", "bills"]);

/** The ways to all pages. */
export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("app.menu")}>
      <ul className="places">
        {NAMES.map((name) => (
          <li key={name}>
            <NavLink to={PLACES[name]} end={!ROOFS.has(name)} onClick={onGo}>
              {t(`nav.${name}`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
