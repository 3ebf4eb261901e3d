import { AppError } from "@mall/kit/errors";
import type { AnyApiProcess, ApiProcessConfig } from "@mall/kit/process";
import type { PageSource, Pages } from "@mall/kit/rest";
import { readBuiltFiles } from "./built-files.ts";

/** An api process whose configuration may want the cashier's page. */
interface MayHaveCashier {
  readonly Cashier?: { readonly Page?: boolean };
}

/** The pay api with the cashier's page, where its configuration wants it: beside the operations that it asks. */
export function withCashier(process: AnyApiProcess): AnyApiProcess {
  return {
    ...process,
    pages: (config) => {
      const { Cashier }: ApiProcessConfig & MayHaveCashier = config;
      return Cashier?.Page === true ? cashierPages() : undefined;
    },
  };
}

function cashierPages(): Pages {
  const built = readBuiltFiles();
  if (built === undefined) {
    const text = "Cashier.Page: the pages are not built: run node web/build.ts, or set it to false";
    throw new AppError("FAILED_PRECONDITION", "PAGES_NOT_BUILT", text);
  }
  const assets = [...built.assets].filter(([path]) => path.startsWith("/assets/cashier-"));
  return new Map<string, PageSource>([
    ["/cashier", () => built.cashier],
    ...assets.map(([path, file]): [string, PageSource] => [path, () => file]),
  ]);
}
