import { AppError } from "@mall/kit/errors";

/** The one line that says why a process does not start; it must hold no value that may be a secret. */
export function configError(file: string, rule: string): AppError {
  return unusable(`config file ${file}: ${rule}`);
}

/** A configuration file that is not there, or not to be read; `code` is the system's, e.g. `ENOENT`. */
export function unreadableFile(file: string, code: string): AppError {
  return unusable(`config file ${file} cannot be read (${code}): check the path after -f`);
}

function unusable(message: string): AppError {
  return new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", message);
}
