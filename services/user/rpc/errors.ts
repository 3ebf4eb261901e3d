import { AppError } from "@mall/kit/errors";

export function userNotFound(): AppError {
  return new AppError("NOT_FOUND", "USER_NOT_FOUND", "用户不存在");
}

export function userExists(): AppError {
  return new AppError("ALREADY_EXISTS", "USER_EXISTS", "该用户已存在");
}

export function wrongPassword(): AppError {
  return new AppError("UNAUTHENTICATED", "WRONG_PASSWORD", "密码错误");
}

/** Somebody else changed it meanwhile. */
export function passwordChanged(): AppError {
  return new AppError("ABORTED", "PASSWORD_CHANGED", "密码已被修改，请重试");
}

export function loginLimited(retryAfterSeconds: number): AppError {
  const message = "登录失败次数过多，请稍后再试";
  return new AppError("RESOURCE_EXHAUSTED", "LOGIN_LIMITED", message, { retryAfterSeconds });
}

export function registerLimited(retryAfterSeconds: number): AppError {
  const message = "注册次数过多，请稍后再试";
  return new AppError("RESOURCE_EXHAUSTED", "REGISTER_LIMITED", message, { retryAfterSeconds });
}

/** More passwords wait to be hashed than can be in time. */
export function passwordsBusy(): AppError {
  const message = "系统繁忙，请稍后再试";
  return new AppError("RESOURCE_EXHAUSTED", "PASSWORDS_BUSY", message, { retryAfterSeconds: 1 });
}

/** Nobody could give anybody a role any more but by the command line. */
export function lastAdmin(): AppError {
  return new AppError("FAILED_PRECONDITION", "LAST_ADMIN", "不能取消最后一名管理员", { field: "role" });
}

/** Somebody else changed the account meanwhile. */
export function userChanged(): AppError {
  return new AppError("ABORTED", "USER_CHANGED", "用户已变化，请重试");
}
