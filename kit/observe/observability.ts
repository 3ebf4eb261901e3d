import type { DevServerConfig, PrometheusConfig, ServiceConfig } from "@mall/kit/config";
import type { ProcessLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { AccessLog } from "./access-log.ts";
import { Health } from "./health.ts";
import { Metrics } from "./metrics.ts";
import type { Observer } from "./observer.ts";
import { type OpsPages, type OpsServer, startOpsServer, textAnswer } from "./ops-server.ts";
import { createProcessObserver } from "./process-observer.ts";
import { type RunningTracer, startTracer } from "./start-tracer.ts";

/**
 * Answers as long as the process does. Who restarts what does not answer asks here: a database that is away is no
 * reason to.
 */
const LIVE_PATH = "/livez";

/** What a process shows of itself. */
export interface Observability {
  readonly observer: Observer;
  readonly health: Health;
  /** The ports for operators, e.g. `pay.rpc metrics`. */
  readonly addresses: readonly { readonly name: string; readonly url: string }[];
  /** Sends the last spans and closes the ports for operators; after everything else has stopped. */
  stop(): Promise<void>;
}

/** What of a process's configuration says how it is seen. */
type ObservedConfig = Omit<ServiceConfig, "Shutdown">;

export interface ObservabilityOptions {
  /** Its blocks Telemetry, Prometheus and DevServer say what to start; none of them, nothing. */
  readonly config: ObservedConfig;
  readonly runtime: Runtime;
  readonly log: ProcessLogger;
  /** Whether requests and calls get a line each in the log. */
  readonly accessLog: boolean;
}

/**
 * Starts what the configuration wants to be seen of a process.
 *
 * @throws AppError FAILED_PRECONDITION with one line where a port cannot be had.
 */
export async function startObservability(options: ObservabilityOptions): Promise<Observability> {
  const { config, runtime, log } = options;
  const metrics = wantsMetrics(config) ? new Metrics(await import("prom-client")) : undefined;
  const running = await startTelemetry(options);
  const health = new Health(runtime, log);
  const servers: OpsServer[] = [];
  const stop = async (): Promise<void> => {
    await running?.stop();
    for (const server of servers) await server.stop();
  };
  try {
    const addresses = await startServers({ config, metrics, health }, servers);
    const accessLog = options.accessLog ? new AccessLog(log) : undefined;
    const observer = createProcessObserver({ runtime, accessLog, metrics, tracer: running?.tracer });
    return { observer, health, addresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function wantsMetrics({ Prometheus, DevServer }: ObservedConfig): boolean {
  const forAgent = Prometheus !== undefined && Prometheus.Host !== "";
  return forAgent || (DevServer?.Enabled === true && DevServer.EnableMetrics);
}

/** Without an Endpoint there is nobody to send spans to. */
async function startTelemetry(options: ObservabilityOptions): Promise<RunningTracer | undefined> {
  const { runtime, log } = options;
  const { Telemetry: config, Name: name } = options.config;
  if (config === undefined || config.Disabled || config.Endpoint === "") return undefined;
  return startTracer({ config, name, runtime, log });
}

interface Shown {
  readonly config: ObservedConfig;
  readonly metrics: Metrics | undefined;
  readonly health: Health;
}

async function startServers(shown: Shown, started: OpsServer[]): Promise<{ name: string; url: string }[]> {
  const { Name, Prometheus, DevServer } = shown.config;
  const addresses: { name: string; url: string }[] = [];
  if (Prometheus !== undefined && Prometheus.Host !== "") {
    const pages = metricsPage(Prometheus, shown.metrics);
    const { Host: host, Port: port } = Prometheus;
    const server = await startOpsServer({ block: "Prometheus", host, port, pages });
    started.push(server);
    addresses.push({ name: `${Name} metrics`, url: `${server.url}${Prometheus.Path}` });
  }
  if (DevServer?.Enabled === true) {
    const { Host: host, Port: port } = DevServer;
    const server = await startOpsServer({
      block: "DevServer",
      host,
      port,
      pages: devPages(DevServer, shown),
    });
    started.push(server);
    addresses.push({ name: `${Name} devserver`, url: server.url });
  }
  return addresses;
}

function metricsPage({ Path }: Pick<PrometheusConfig, "Path">, metrics: Metrics | undefined): OpsPages {
  if (metrics === undefined) return {};
  return {
    [Path]: async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.scrape() }),
  };
}

/** go-zero's DevServer without its profiles, which are those of Go's runtime. */
function devPages(config: DevServerConfig, { metrics, health }: Shown): OpsPages {
  const pages: OpsPages = {
    [LIVE_PATH]: () => textAnswer(200, "OK"),
    [config.HealthPath]: async () => {
      const { fit, text } = await health.report();
      return fit ? textAnswer(200, config.HealthResponse) : textAnswer(503, `Service Unavailable\n${text}`);
    },
    ...metricsPage({ Path: config.MetricsPath }, config.EnableMetrics ? metrics : undefined),
  };
  const paths = ["/", ...Object.keys(pages)];
  const list = { status: 200, contentType: "application/json; charset=utf-8", body: JSON.stringify(paths) };
  return { "/": () => list, "/debug/pprof/": noProfiles, ...pages };
}

function noProfiles(): { status: number; contentType: string; body: string } {
  return textAnswer(
    501,
    "Go's runtime profiles do not exist here: start with node --inspect or --cpu-prof\n",
  );
}
