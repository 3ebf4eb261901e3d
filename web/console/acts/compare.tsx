import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** One thing, now and after an act. */
export interface Compared {
  readonly name: string;
  readonly now: ReactNode;
  readonly after: ReactNode;
}

/** What an act changes, beside what is so now. */
export function Compare({ rows }: { readonly rows: readonly Compared[] }) {
  const { t } = useTranslation();
  return (
    <table className="compare">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("acts.now")}</th>
          <th scope="col">{t("acts.after")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, now, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{now}</td>
            <td>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
