import type { Cache } from "@mall/kit/cache";
import type { CacheConfig, RpcClientConfig } from "@mall/kit/config";
import type { HttpStreams, HttpTransport } from "@mall/kit/http";
import type { JobQueue } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import type { Database } from "@mall/kit/store";
import type { Participants } from "./participants.ts";
import type { Revocations } from "./revocations.ts";

/**
 * What a service is given by the process it lives in. A service does not know whether its neighbour is
 * a function call or a network away: `client` answers that, differently in each placement.
 */
export interface Placement {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** Whose tokens the process refuses before their time is over. */
  readonly revocations: Revocations;
  /** Reaches servers outside of the mall. */
  readonly http: HttpTransport;
  /** Reads long answers of such servers. */
  readonly streams: HttpStreams;
  /** Address that people reach the pages of this process at, without a slash at its end; undefined where it has none. */
  pagesUrl(): string | undefined;
  /** The database of a data source (`Mysql.DataSource`), opened once per process. */
  database(dataSource: string): Promise<Database>;
  /** The cache of a `CacheRedis` block, connected once per process; undefined where there is no such block. */
  cache(config: CacheConfig | undefined): Promise<Cache | undefined>;
  /**
   * The durable jobs of a service, named after it (`pay`), in its database. They are run while the process serves.
   */
  jobs(database: Database, queue: string): JobQueue;
  /**
   * A client of another service. `origin` names the configuration block in errors, e.g. `UserRpc`.
   *
   * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the configuration gives no way to reach it.
   */
  client<Client>(definition: ServiceDefinition<Client>, config: RpcClientConfig, origin: string): Client;
  /** The services of this process that take part in each other's transactions. */
  readonly participants: Participants;
  /**
   * The methods that at least one peer behind one of these clients does not have, as an older or another program; none
   * where the service is in this process. Never rejects.
   */
  missing(client: unknown): Promise<readonly string[]>;
  /** A client of a gRPC service that is no part of the mall, and so a network away in every placement; as `client`. */
  outside<Client>(definition: ServiceDefinition<Client>, config: RpcClientConfig, origin: string): Client;
}
