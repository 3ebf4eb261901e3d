import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Database } from "@mall/kit/store";
import { startOrStop } from "./guarded-server.ts";
import { MariadbProcess, type ServerStart } from "./mariadb-process.ts";

/** Galera's own library, as Debian's galera-4 has it. */
export const GALERA_PROVIDER = "/usr/lib/galera/libgalera_smm.so";

/** Where a node listens, all on the loopback. */
export interface GaleraPorts {
  readonly sql: number;
  readonly group: number;
  readonly ist: number;
  readonly sst: number;
}

/** A node that stands still is let go of after some seconds: fast enough for tests, and no hiccup. */
const PROVIDER_OPTIONS = [
  "evs.keepalive_period=PT0.5S",
  "evs.inactive_check_period=PT0.5S",
  "evs.suspect_timeout=PT3S",
  "evs.inactive_timeout=PT6S",
  "evs.install_timeout=PT6S",
  "gcache.size=32M",
];

/** The history of a node that does not know which one it has part of. */
const NO_HISTORY = "00000000-";

interface NodeOptions {
  readonly binary: string;
  readonly password: string;
  readonly ports: GaleraPorts;
  /** The group ports of all nodes of the cluster. */
  readonly groupPorts: readonly number[];
  /** Whether it begins the cluster at its first start. */
  readonly begins: boolean;
}

/** One node of a Galera cluster, which joins it again after a crash with what it lacks. */
export class GaleraNode extends MariadbProcess {
  readonly #options: NodeOptions;

  private constructor(options: NodeOptions) {
    const { binary, password, ports } = options;
    super({ binary, password, port: ports.sql, more: clusterOptions(options) });
    this.#options = options;
  }

  static startNode(options: NodeOptions): Promise<GaleraNode> {
    return startOrStop(new GaleraNode(options));
  }

  protected override async makeData(): Promise<void> {
    const data = join(this.folder, "data");
    if (this.#options.begins) await super.makeData();
    else this.#emptyData();
    chmodSync(this.folder, 0o711);
    chmodSync(data, 0o777);
  }

  /** Data come by rsync, whose daemon is nobody where it is started as root. */
  #emptyData(): void {
    const data = join(this.folder, "data");
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data);
    chmodSync(data, 0o777);
  }

  protected override async optionsAtStart({ isFirst, words }: ServerStart): Promise<readonly string[]> {
    if (isFirst && this.#options.begins) return ["--wsrep-new-cluster"];
    return isFirst ? [] : this.#recoveredPosition(words);
  }

  protected override async isServing(database: Database): Promise<boolean> {
    const rows = await database.read({ sql: "SHOW STATUS LIKE 'wsrep_local_state_comment'", parameters: [] });
    return rows.some(({ Value }) => Value === "Synced");
  }

  /** What a crashed node has is read from its data first, as systemd's unit does; the rest it gets from another. */
  async #recoveredPosition([binary = "", ...words]: readonly string[]): Promise<readonly string[]> {
    const log = join(this.folder, "recovery.log");
    rmSync(log, { force: true });
    await promisify(execFile)(binary, [...words, "--wsrep-recover", `--log-error=${log}`], {
      cwd: this.folder,
    });
    const found = [...readFileSync(log, "utf8").matchAll(/Recovered position:\s*(\S+:-?\d+)/g)].at(-1)?.[1];
    if (found !== undefined && !found.startsWith(NO_HISTORY)) return [`--wsrep-start-position=${found}`];
    // It was ended in the middle of a change of its state: it takes all data anew, into an empty folder.
    this.#emptyData();
    return [];
  }
}

function clusterOptions({ ports, groupPorts }: NodeOptions): string[] {
  const provider = [
    ...PROVIDER_OPTIONS,
    `base_host=127.0.0.1`,
    `base_port=${ports.group}`,
    `gmcast.listen_addr=tcp://127.0.0.1:${ports.group}`,
    `ist.recv_addr=127.0.0.1:${ports.ist}`,
  ];
  return [
    "--wsrep-on=ON",
    `--wsrep-provider=${GALERA_PROVIDER}`,
    `--wsrep-provider-options=${provider.join(";")}`,
    "--wsrep-cluster-name=mall",
    `--wsrep-cluster-address=gcomm://${groupPorts.map((port) => `127.0.0.1:${port}`).join(",")}`,
    "--wsrep-node-address=127.0.0.1",
    `--wsrep-node-name=node-${ports.sql}`,
    `--wsrep-node-incoming-address=127.0.0.1:${ports.sql}`,
    "--wsrep-sst-method=rsync",
    `--wsrep-sst-receive-address=127.0.0.1:${ports.sst}`,
    "--wsrep-slave-threads=2",
    "--binlog-format=ROW",
    "--innodb-autoinc-lock-mode=2",
  ];
}
