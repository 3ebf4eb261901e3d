import type { FoundUser } from "@mall/user/api";
import { Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { StateTag } from "../format/state-tag.tsx";
import { users } from "../server/clients.ts";
import { useWords } from "../texts/i18n.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const ROLES = [0, 1, 2];

/** Gives a user another role. */
export function RoleButton({ user }: { readonly user: FoundUser }) {
  const { t } = useTranslation();
  const words = useWords();
  const [role, setRole] = useState(user.role);
  const { id, name } = user;
  return (
    <ActButton
      label={t("acts.role")}
      isGrave
      isReady={role !== user.role}
      onOpen={() => setRole(user.role)}
      act={(idempotencyKey) => users.role({ id, role }, { idempotencyKey })}
      preview={
        <>
          <p>{t("acts.roleWill")}</p>
          <Radio.Group
            value={role}
            onChange={({ target }) => setRole(Number(target.value))}
            options={ROLES.map((value) => ({ value, label: words("roles", value) }))}
          />
          <Compare
            rows={[
              {
                name: `${id} ${name}`,
                now: <StateTag group="roles" state={user.role} />,
                after: <StateTag group="roles" state={role} />,
              },
            ]}
          />
        </>
      }
    />
  );
}
