import type { RestConfig, RpcClientConfig, RpcServerConfig } from "@mall/kit/config";
import type { ObserverSwitches } from "@mall/kit/observe";

/** What go-zero's `Middlewares` of a REST server leave of its observation. */
export function restSwitches({ Middlewares, TraceIgnorePaths }: RestConfig): ObserverSwitches {
  const { Trace, Log, Prometheus } = Middlewares;
  return { trace: Trace, log: Log, metrics: Prometheus, untracedPaths: TraceIgnorePaths };
}

/** The same of an rpc server. */
export function rpcServerSwitches({ Middlewares }: RpcServerConfig): ObserverSwitches {
  const { Trace, Stat, StatConf, Prometheus } = Middlewares;
  return { trace: Trace, log: Stat, metrics: Prometheus, slowMs: StatConf.SlowThreshold };
}

/** The same of a client of another service. */
export function rpcClientSwitches({ Middlewares }: RpcClientConfig): ObserverSwitches {
  const { Trace, Duration, Prometheus } = Middlewares;
  return { trace: Trace, log: Duration, metrics: Prometheus };
}
