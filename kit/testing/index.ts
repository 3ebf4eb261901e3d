export { makeCertificates, type TestCertificates, whyNoCertificates } from "./certificates.ts";
export { endOf, numberOf, readFlags, wholeNumberOf } from "./command-line.ts";
export { type DelayProxy, type Delays, type Direction, startDelayProxy } from "./delay-proxy.ts";
export { buildDtm, startDtm, type TestDtm } from "./dtm.ts";
export {
  type PrivateEtcd,
  requirePassword,
  startEtcd,
  startEtcdCluster,
  startPrivateEtcd,
  type TestEtcd,
  valuesUnder,
  whyNoEtcd,
  whyNoPrivateEtcd,
} from "./etcd.ts";
export { findProgram } from "./find-program.ts";
export { forEachDatabase, type TestDatabases } from "./for-each-database.ts";
export { freePort, freePorts } from "./free-ports.ts";
export { freezeProcess, thawProcess } from "./freeze-process.ts";
export { startGalera, type TestGalera, whyNoGalera } from "./galera.ts";
export { connectGoClient, type GoCalls, type GoClient } from "./go-client.ts";
export { type GoServer, startGoServer } from "./go-process.ts";
export { buildGoPrograms } from "./go-programs.ts";
export { type GoMethods, type GoStandIn, GoStatus, startGoStandIn } from "./go-server.ts";
export { createManualRuntime, type ManualRuntime } from "./manual-runtime.ts";
export {
  type PrivateMariadb,
  type Skipped,
  startMariadb,
  startPrivateMariadb,
  type TestMysql,
  whyNoMysql,
  whyNoPrivateMariadb,
} from "./mariadb.ts";
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "./otlp-receiver.ts";
export { createOverloadedShedder } from "./overloaded-shedder.ts";
export { startRedis, type TestRedis, whyNoRedis } from "./redis.ts";
export { probeRpc, type RpcProbe } from "./rpc-probe.ts";
export {
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
} from "./sample-table.ts";
export { shebangFlags } from "./shebang-flags.ts";
export { createShiftedRuntime, type ShiftedRuntime } from "./shifted-runtime.ts";
export { createTestFolder } from "./test-folder.ts";
export { testOperator } from "./test-operator.ts";
export { type UntilOptions, until } from "./until.ts";
export { type UsedSamples, useSamples } from "./use-samples.ts";
