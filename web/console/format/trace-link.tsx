import { useContext } from "react";
import { SessionContext } from "../shell/session-context.ts";

/** The id of a trace, which leads to where it is looked at, where that is known. */
export function TraceLink({ traceId }: { readonly traceId: string }) {
  const { traceUrl } = useContext(SessionContext);
  if (traceUrl === "" || traceId === "") return <>{traceId}</>;
  return (
    <a
      href={traceUrl.replaceAll("{traceId}", encodeURIComponent(traceId))}
      target="_blank"
      rel="noopener noreferrer"
    >
      {traceId}
    </a>
  );
}
