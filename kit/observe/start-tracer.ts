import type { TelemetryConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { createSpanExporter } from "./span-exporter.ts";
import { Tracer } from "./tracer.ts";

/** How long the last spans may take to leave at the stop of a process. */
const FLUSH_MS_MAX = 3_000;

/** A tracer that sends its spans somewhere. */
export interface RunningTracer {
  readonly tracer: Tracer;
  /** Sends what is left, for at most three seconds. */
  stop(): Promise<void>;
}

export interface StartTracerOptions {
  readonly config: TelemetryConfig;
  /** Name of the process, where `Telemetry.Name` gives none. */
  readonly name: string;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/**
 * Starts tracing by the `Telemetry` block: a share `Sampler` of the traces that begin here, and all that callers
 * record, leave in batches. A receiver that is away costs its spans and nothing else.
 */
export async function startTracer(options: StartTracerOptions): Promise<RunningTracer> {
  const { config, name, runtime, log } = options;
  const [api, core, sdk, { resourceFromAttributes }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/core"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
  ]);
  const exporter = reportingExporter(
    await createSpanExporter(config, log),
    core.ExportResultCode.SUCCESS,
    log,
  );
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ "service.name": config.Name === "" ? name : config.Name }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(config.Sampler) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  return {
    tracer: new Tracer(api, provider.getTracer("mall")),
    stop: () => withinMs(runtime, FLUSH_MS_MAX, provider.shutdown()),
  };
}

/** Says once that spans do not arrive, and once that they do again. */
function reportingExporter(exporter: SpanExporter, success: number, log: Logger): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        const failed = result.code !== success;
        if (failed && !failing) log.warn({ error: result.error }, "cannot export spans; dropping them");
        if (!failed && failing) log.info({}, "exporting spans again");
        failing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** Waits for `work`, which may fail or hang without anybody being interested, for at most `ms`. */
async function withinMs(runtime: Runtime, ms: number, work: Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = runtime.setTimer(resolve, ms);
    const finish = (): void => {
      timer.clear();
      resolve();
    };
    work.then(finish, finish);
  });
}
