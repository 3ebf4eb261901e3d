import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildDtm, buildGoPrograms, type Skipped, startEtcd, startMariadb } from "@mall/kit/testing";
import { type DockerImage, startDockerServer } from "./test-run/docker-server.ts";
import { runCommand } from "./test-run/run-command.ts";

/** A program the tests use that npm does not bring. */
interface Backend {
  readonly name: string;
  /** The variable that tells the tests where it is. Set by hand, it names one that already runs. */
  readonly env: string;
  /** Its programs by the names they go by; the first one found is used. */
  readonly binaries: readonly string[];
  /** The Debian package that brings it. Without one it is never installed, and a run without it may pass. */
  readonly package?: string;
  /** Makes the variable's value, starting the program if it is a server. */
  readonly open: (binary: string) => string | Promise<string | Skipped>;
  /** Runs it where there is no package, and what the variable then says. */
  readonly docker?: { readonly server: DockerImage; readonly open: (port: number) => string };
}

const MARIADB_IMAGE = {
  image: "mariadb:11.4",
  port: 3306,
  settings: ["MARIADB_ROOT_PASSWORD=mall"],
  ready: ["healthcheck.sh", "--connect", "--innodb_initialized"],
};

/** go-zero's half of the tests of a mixed mall. Here and not in a test, since a first build takes minutes. */
const GO_SOURCES = {
  variable: "MALL_TEST_GO_ZERO",
  folder: join(import.meta.dirname, "../e2e/interop/go"),
  output: join(import.meta.dirname, "../node_modules/.cache/mall-interop"),
};

/** goctl's parsers and generators, of which the tests of mallctl ask what a contract says. */
const GOCTL_SOURCES = {
  variable: "MALL_TEST_GOCTL",
  folder: join(import.meta.dirname, "../e2e/goctl/go"),
  output: join(import.meta.dirname, "../node_modules/.cache/mall-goctl"),
};

/** Stripe's own mock, which takes no parameter that Stripe does not have. */
const STRIPE_MOCK_SOURCES = {
  variable: "MALL_TEST_STRIPE_MOCK",
  folder: join(import.meta.dirname, "../services/pay/channels/stripe/stripe-mock"),
  output: join(import.meta.dirname, "../node_modules/.cache/mall-stripe-mock"),
};

/** Every backend; the tests of one that is missing are skipped and the run says so. */
export const BACKENDS: readonly Backend[] = [
  {
    name: "MariaDB",
    env: "MALL_TEST_MYSQL",
    binaries: ["mariadbd"],
    package: "mariadb-server",
    open: openMariadb,
    docker: { server: MARIADB_IMAGE, open: (port) => `root:mall@tcp(127.0.0.1:${port})/mysql` },
  },
  {
    name: "etcd",
    env: "MALL_TEST_ETCD",
    binaries: ["etcd"],
    package: "etcd-server",
    open: openEtcd,
  },
  {
    name: "Redis",
    env: "MALL_TEST_REDIS",
    binaries: ["redis-server"],
    package: "redis-server",
    open: (binary) => binary,
  },
  {
    name: "Chromium",
    env: "MALL_TEST_CHROMIUM",
    binaries: ["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
    open: (binary) => binary,
  },
  {
    name: "go-zero",
    env: "MALL_TEST_GO_ZERO",
    binaries: ["go"],
    open: () => buildGoPrograms(GO_SOURCES),
  },
  {
    name: "goctl",
    env: "MALL_TEST_GOCTL",
    binaries: ["go"],
    open: () => buildGoPrograms(GOCTL_SOURCES),
  },
  {
    name: "stripe-mock",
    env: "MALL_TEST_STRIPE_MOCK",
    binaries: ["go"],
    open: () => buildGoPrograms(STRIPE_MOCK_SOURCES),
  },
  {
    name: "protoc",
    env: "MALL_TEST_PROTOC",
    binaries: ["protoc"],
    package: "protobuf-compiler",
    open: (binary) => binary,
  },
  {
    name: "DTM",
    env: "MALL_TEST_DTM",
    binaries: ["go"],
    open: () => buildDtm(),
  },
];

/** A backend that is ready, or the reason why it is not. */
export type PreparedBackend =
  | { readonly value: string; readonly from: string; stop?(): Promise<void> }
  | { readonly skipped: string; readonly mandatory: boolean };

/** Finds, installs or starts a backend. Its value goes into the tests' environment under `backend.env`. */
export async function prepareBackend(backend: Backend): Promise<PreparedBackend> {
  const given = process.env[backend.env];
  if (given !== undefined) return { value: given, from: backend.env };
  const binary = findBinary(backend.binaries) ?? (await installBinary(backend));
  if (binary !== undefined) return opened(backend, binary);
  const server = backend.docker && (await startDockerServer(backend.docker.server));
  if (backend.docker !== undefined && server !== undefined) {
    const value = backend.docker.open(server.port);
    return { value, from: `docker ${backend.docker.server.image}`, stop: () => server.stop() };
  }
  return {
    skipped: `${backend.binaries[0]} is not installed, ${backend.env} is not set${whyNotInstalled(backend)}`,
    mandatory: backend.package !== undefined,
  };
}

async function opened(backend: Backend, binary: string): Promise<PreparedBackend> {
  const value = await backend.open(binary);
  if (typeof value === "string") return { value, from: binary };
  return { ...value, mandatory: backend.package !== undefined };
}

/**
 * What is written outlives a server that is killed without a sync too; a machine that loses power is nothing that a
 * test could be, and every commit of every test would wait for the disk.
 */
const WITHOUT_SYNC = "--loose-innodb-flush-method=nosync";

async function openMariadb(): Promise<string> {
  const server = await startMariadb([WITHOUT_SYNC]);
  if ("skipped" in server) throw new Error(server.skipped);
  return server.dataSource("mysql");
}

async function openEtcd(): Promise<string> {
  const server = await startEtcd();
  if ("skipped" in server) throw new Error(server.skipped);
  return server.host;
}

/** Servers are often in folders that are not on the search path of ordinary users. */
function findBinary(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Only where it needs no question: on Debian and its kin, as root. */
function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

let listsUpdated = false;

async function installBinary(backend: Backend): Promise<string | undefined> {
  if (backend.package === undefined || !canInstall()) return undefined;
  process.stdout.write(`${backend.name} is missing; installing the package ${backend.package}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if (!listsUpdated) await runCommand("apt-get", ["update", "-q"], env);
  listsUpdated = true;
  await runCommand("apt-get", ["install", "-y", "-q", "--no-install-recommends", backend.package], env);
  return findBinary(backend.binaries);
}

function whyNotInstalled(backend: Backend): string {
  if (backend.package === undefined) return "";
  if (canInstall()) return ` and installing the package ${backend.package} failed`;
  return backend.docker === undefined ? "" : " and no Docker engine runs it";
}
