import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Trouble } from "../format/trouble.tsx";
import { quietMs } from "../server/activity.ts";
import { forget, SESSION_KEY } from "../server/query-client.ts";
import { askSession, type Session, signOut } from "../server/session.ts";
import { SessionContext } from "./session-context.ts";
import { Shell } from "./shell.tsx";
import { SignIn } from "./sign-in.tsx";

const LOOK_MS = 2000;

/** Lets in who is signed in, and asks everybody else to sign in. */
export function SessionGate() {
  const { t } = useTranslation();
  const wasIn = useRef(false);
  const { data, error, refetch } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: askSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useIdleEnd(data);
  if (data) wasIn.current = true;
  if (error !== null) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="loading">{t("app.loading")}</p>;
  if (data === null) return <SignIn hasEnded={wasIn.current} />;
  return (
    <SessionContext value={data}>
      <Shell session={data} />
    </SessionContext>
  );
}

/** Takes everything off the screen when nobody was at work for the session's idle time. */
function useIdleEnd(session: Session | null | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!session) return;
    const timer = setInterval(() => {
      if (quietMs() < session.idleMs) return;
      forget(client);
      signOut().catch(() => undefined);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [session, client]);
}
