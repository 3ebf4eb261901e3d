import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

const PLACES = ["payments", "refunds"] as const;

/** The ways to all pages. */
export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("app.menu")}>
      <ul className="places">
        {PLACES.map((place) => (
          <li key={place}>
            <NavLink to={`/${place}`} onClick={onGo}>
              {t(`nav.${place}`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
