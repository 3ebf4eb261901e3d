import { createContext } from "react";
import type { Session } from "../server/session.ts";

const NOBODY: Session = { uid: 0, role: 0, idleMs: 0, currency: "CNY", traceUrl: "" };

/** Who is signed in. */
export const SessionContext = createContext<Session>(NOBODY);
