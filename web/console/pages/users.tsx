import type { FoundUser } from "@mall/user/api";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { RoleButton } from "../acts/role-button.tsx";
import { type Column, moment, plain, state } from "../list/columns.tsx";
import { List } from "../list/list.tsx";
import { NumberFilter } from "../list/number-filter.tsx";
import { StateFilter } from "../list/state-filter.tsx";
import { TextFilter } from "../list/text-filter.tsx";
import { numberOf, useFilters } from "../list/use-filters.ts";
import { nextOf } from "../list/use-rows.ts";
import { users } from "../server/clients.ts";
import { defined } from "../server/defined.ts";
import { SessionContext } from "../shell/session-context.ts";
import { useWords } from "../texts/i18n.ts";

const ROLES = [0, 1, 2];
const ADMIN = 2;
const MOBILE = /^\s*[+]?[0-9]{1,20}\s*$/;

/** All users, the newest first. */
export function UsersPage() {
  const { t } = useTranslation();
  const { filters, set } = useFilters<"id" | "mobile" | "role">();
  const mobile = filters.mobile === undefined || MOBILE.test(filters.mobile) ? filters.mobile : undefined;
  const asked = defined({ id: numberOf(filters.id), mobile, role: numberOf(filters.role) });
  const ask = async (before: number | undefined, limit: number) => {
    const { users: rows, next } = await users.search({ ...asked, ...defined({ before }), limit });
    return { rows, next: nextOf(next) };
  };
  return (
    <List
      name="users"
      title={t("nav.users")}
      rowKey={({ id }) => id}
      columns={useColumns()}
      source={{ key: ["users", asked], ask }}
      filters={
        <>
          <NumberFilter label={t("user.id")} value={filters.id} onChange={(value) => set("id", value)} />
          <TextFilter
            label={t("user.mobileBegins")}
            allowed={MOBILE}
            value={filters.mobile}
            onChange={(value) => set("mobile", value)}
          />
          <StateFilter
            label={t("user.role")}
            group="roles"
            states={ROLES}
            value={filters.role}
            onChange={(value) => set("role", value)}
          />
        </>
      }
    />
  );
}

function useColumns(): Column<FoundUser>[] {
  const { t } = useTranslation();
  const words = useWords();
  const session = useContext(SessionContext);
  return [
    plain(t("user.id"), 100, ({ id }) => id),
    plain(t("user.name"), 240, ({ name }) => name),
    plain(t("user.mobile"), 190, ({ mobile }) => mobile),
    state(t("user.role"), "roles", ({ role }) => ({ state: role, word: words("roles", role) })),
    moment(t("user.since"), ({ createTime }) => createTime),
    ...(session.role === ADMIN
      ? [{ title: t("acts.title"), width: 170, show: (user: FoundUser) => <RoleButton user={user} /> }]
      : []),
  ];
}
