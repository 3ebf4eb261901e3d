import { createContext } from "react";
import type { Session } from "../server/session.ts";

const NOBODY: Session = { uid: 0, role: 0, idleMs: 0 };

/** Who is signed in. */
export const SessionContext = createContext<Session>(NOBODY);
