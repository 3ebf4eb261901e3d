export {
  AppError,
  type AppErrorOptions,
  cancelled,
  deadlineExceeded,
  invalidArgument,
  toAppError,
} from "./app-error.ts";
export { type Code, codeOfGrpcStatus, grpcStatusOf, httpStatusOf } from "./code.ts";
export { sqlRefusal } from "./sql-refusal.ts";
