import { AppError, type Code } from "@mall/kit/errors";

/** An error as it is kept in a row: what callers may see of it. */
export function storeError({ code, reason, message, field }: AppError): string {
  return JSON.stringify({ code, reason, message, field });
}

/** The error that a row keeps. */
export function restoreError(text: string): AppError {
  const { code, reason, message, field } = JSON.parse(text) as {
    code: Code;
    reason: string;
    message: string;
    field?: string;
  };
  return new AppError(code, reason, message, { field });
}
