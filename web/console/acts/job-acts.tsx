import type { Job, PayHttpClient } from "@mall/pay/api";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { StateTag } from "../format/state-tag.tsx";
import { SessionContext } from "../shell/session-context.ts";
import { ActButton } from "./act-button.tsx";
import { Compare } from "./compare.tsx";

const ADMIN = 2;
const STATE = { waiting: 0, dead: 2, cancelled: 3 } as const;

interface Props {
  /** Of the service whose job it is. */
  readonly client: Pick<PayHttpClient, "jobRetry" | "jobCancel">;
  readonly job: Job;
}

/** What may be done about a job that has not ended well: let it run or, by admins, never again. */
export function JobActs({ client, job }: Props) {
  const { t } = useTranslation();
  const { role } = useContext(SessionContext);
  const { id, state } = job;
  if (state !== STATE.waiting && state !== STATE.dead) return null;
  return (
    <span className="acts">
      <ActButton
        label={t("acts.retry")}
        preview={
          <>
            <p>{t("acts.retryWill")}</p>
            <Becomes job={job} state={STATE.waiting} />
          </>
        }
        act={(idempotencyKey) => client.jobRetry({ id }, { idempotencyKey })}
      />
      {role === ADMIN && (
        <ActButton
          label={t("acts.cancelJob")}
          isGrave
          preview={
            <>
              <p>{t("acts.cancelJobWill")}</p>
              <Becomes job={job} state={STATE.cancelled} />
            </>
          }
          act={(idempotencyKey) => client.jobCancel({ id }, { idempotencyKey })}
        />
      )}
    </span>
  );
}

function Becomes({ job, state }: { readonly job: Job; readonly state: number }) {
  return (
    <Compare
      rows={[
        {
          name: `${job.kind} ${job.id}`,
          now: <StateTag group="jobStates" state={job.state} />,
          after: <StateTag group="jobStates" state={state} />,
        },
      ]}
    />
  );
}
