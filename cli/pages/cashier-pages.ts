import type { AnyApiProcess, ApiProcessConfig } from "@mall/kit/process";
import type { PageSource, Pages } from "@mall/kit/rest";
import { demandBuiltFiles } from "./built-files.ts";

/** An api process whose configuration may want the cashier's page. */
interface MayHaveCashier {
  readonly Cashier?: { readonly Page?: boolean };
}

/** The pay api with the cashier's page, where its configuration wants it: beside the operations that it asks. */
export function withCashier(process: AnyApiProcess): AnyApiProcess {
  return {
    ...process,
    front: (config) => {
      const { Cashier }: ApiProcessConfig & MayHaveCashier = config;
      return Cashier?.Page === true ? { pages: cashierPages() } : undefined;
    },
  };
}

function cashierPages(): Pages {
  const built = demandBuiltFiles(
    "Cashier.Page: the pages are not built: run node web/build.ts, or set it to false",
  );
  const assets = [...built.assets].filter(([path]) => path.startsWith("/assets/cashier-"));
  return new Map<string, PageSource>([
    ["/cashier", () => built.cashier],
    ...assets.map(([path, file]): [string, PageSource] => [path, () => file]),
  ]);
}
