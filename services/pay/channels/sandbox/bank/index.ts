export type { BankChanges, BankNotice, BankStore } from "./bank-store.ts";
export type { Fault, FaultName } from "./faults.ts";
export { type Payment, Refusal } from "./rules.ts";
export {
  type BankAnswer,
  type BankRequest,
  createSandboxBank,
  type SandboxBank,
  type SandboxBankOptions,
} from "./sandbox-bank.ts";
export { sandboxOpenApi } from "./sandbox-openapi.ts";
export { sandboxRoutes } from "./sandbox-routes.ts";
export { openSqliteBankStore } from "./sqlite-store.ts";
export type { BankPayment, BankRefund, BankTrade } from "./trade.ts";
