import type { Audit, Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { RowTransaction } from "@mall/kit/store";
import type { UserModel } from "../model/user-model.ts";

/** What somebody does about an account, in the transaction that decides it. */
interface UserAct {
  readonly tx: RowTransaction;
  readonly id: number;
  /** The command that it is done by; undefined for a method. */
  readonly operation?: string | undefined;
}

interface Parts {
  readonly audit: Audit;
  readonly userModel: UserModel;
}

/** Does `work`, and writes down in its transaction what it changed of an account, whoever did it. */
export function actOnUser<T>(
  { audit, userModel }: Parts,
  call: Call,
  { tx, id, operation }: UserAct,
  work: () => Promise<T>,
): Promise<T> {
  /** No password: neither it nor its hash belongs into an audit, and that it is new is what the operation says. */
  const look = async (): Promise<Facts | undefined> => {
    const user = await userModel.lockOne(id, tx);
    return user && { role: user.role, unlocks: user.unlocks, notBefore: user.notBefore };
  };
  return audit.record(tx, call, { operation, subject: `user/${id}`, look, alsoUnnamed: true }, work);
}
