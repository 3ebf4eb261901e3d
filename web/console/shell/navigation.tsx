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
  orders: "/orders",
  products: "/products",
  users: "/users",
  jobs: "/jobs",
  audit: "/audit",
} as const;
const NAMES = Object.keys(PLACES) as (keyof typeof PLACES)[];

/** The ways to all pages. */
export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("app.menu")}>
      <ul className="places">
        {NAMES.map((name) => (
          <li key={name}>
            <NavLink to={PLACES[name]} end={name !== "payments"} onClick={onGo}>
              {t(`nav.${name}`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
