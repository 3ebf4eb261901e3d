export type { BankChanges, BankNotice, BankStore } from "./bank-store.ts";
export { FAULTS, type Fault, type FaultName } from "./faults.ts";
export { createMemoryBankStore } from "./memory-store.ts";
export { type Payment, Refusal } from "./rules.ts";
export {
  type BankAnswer,
  type BankRequest,
  createSandboxBank,
  type SandboxBank,
  type SandboxBankOptions,
} from "./sandbox-bank.ts";
export type { BankPayment, BankRefund, BankTrade } from "./trade.ts";
