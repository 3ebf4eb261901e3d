import type { Address } from "@mall/kit/process";

/** What of a process's configuration says where its metrics are. */
interface MetricsConfig {
  readonly Name: string;
  readonly DevServer?: { readonly EnableMetrics: boolean; readonly MetricsPath: string } | undefined;
}

/** Of the port for Prometheus, or else of that for operators; undefined where neither tells them. */
export function metricsUrlOf(
  { Name, DevServer }: MetricsConfig,
  addresses: readonly Address[],
): string | undefined {
  const urlOf = (part: string): string | undefined =>
    addresses.find(({ name }) => name === `${Name} ${part}`)?.url;
  const operators = DevServer?.EnableMetrics === true ? urlOf("devserver") : undefined;
  return urlOf("metrics") ?? (operators && `${operators}${DevServer?.MetricsPath}`);
}
