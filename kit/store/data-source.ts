import { invalidArgument } from "@mall/kit/errors";
import { type DsnParams, parseDsnParams } from "./mysql/dsn-params.ts";

interface SqliteSource {
  readonly dialect: "sqlite";
  /** A file path, or `:memory:`. */
  readonly path: string;
}

/** A database of a MySQL or MariaDB server. */
export interface MysqlSource extends DsnParams {
  readonly dialect: "mysql";
  readonly user: string;
  readonly password: string;
  /** A TCP address or a Unix socket. */
  readonly address: { readonly host: string; readonly port: number } | { readonly socketPath: string };
  readonly database: string;
}

/** Where a service keeps its tables. */
export type DataSource = SqliteSource | MysqlSource;

const MYSQL_FORM = "user:password@tcp(host:port)/database?parseTime=true&loc=Asia%2FShanghai";

/**
 * Parses `sqlite:PATH`, or a data source name of go-sql-driver/mysql:
 * `[user[:password]@][net[(addr)]]/dbname[?params]`.
 *
 * @throws AppError INVALID_ARGUMENT naming the part that is wrong; never with the password in its text.
 */
export function parseDataSource(text: string): DataSource {
  if (text.startsWith("sqlite:")) return parseSqlite(text.slice("sqlite:".length));
  const slash = text.lastIndexOf("/");
  if (slash < 0) throw bad(`needs a "/" before the database name, as in ${MYSQL_FORM}, or sqlite:PATH`);
  const { user, password, net, address } = parseServer(text.slice(0, slash));
  const tail = text.slice(slash + 1);
  const question = tail.indexOf("?");
  const database = question < 0 ? tail : tail.slice(0, question);
  if (database === "") throw bad('needs a database name after the "/"');
  return {
    dialect: "mysql",
    user,
    password,
    address: parseAddress(net, address),
    database: decodeName(database),
    ...parseDsnParams(question < 0 ? "" : tail.slice(question + 1)),
  };
}

function parseSqlite(path: string): SqliteSource {
  if (path === "") throw bad("needs a path, as in sqlite:data/mall.db");
  if (path.includes("\0")) throw bad("has a path with a zero character");
  return { dialect: "sqlite", path };
}

/** The part before the database: `[user[:password]@][net[(addr)]]`. */
function parseServer(server: string): { user: string; password: string; net: string; address: string } {
  const at = server.lastIndexOf("@");
  const account = at < 0 ? "" : server.slice(0, at);
  const colon = account.indexOf(":");
  const network = server.slice(at + 1);
  const open = network.indexOf("(");
  if (open >= 0 && !network.endsWith(")")) {
    throw bad(
      'has an address that does not end with ")": write net(address), and %2F for a "/" in a parameter',
    );
  }
  return {
    user: colon < 0 ? account : account.slice(0, colon),
    password: colon < 0 ? "" : account.slice(colon + 1),
    net: open < 0 ? network : network.slice(0, open),
    address: open < 0 ? "" : network.slice(open + 1, -1),
  };
}

/** Empty parts have the defaults of go-sql-driver. */
function parseAddress(net: string, address: string): MysqlSource["address"] {
  if (net === "unix") return { socketPath: address === "" ? "/tmp/mysql.sock" : address };
  if (net !== "" && net !== "tcp" && net !== "tcp4" && net !== "tcp6") {
    throw bad('has a network other than tcp and unix: write tcp(host:port), and "/" in a parameter as %2F');
  }
  if (address === "") return { host: "127.0.0.1", port: 3306 };
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d+))?$/.exec(address);
  if (match === null) throw bad("has a malformed address: write host:port, or [host]:port for IPv6");
  const [, bracketed, plain, digits = "3306"] = match;
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  if (host === "") throw bad("has an address without a host");
  if (port < 1 || port > 65_535) throw bad("has a port that is not between 1 and 65535");
  return { host, port };
}

/** Where a server is, as people write it: `host:port`, `[host]:port`, or the path of its socket. */
export function serverText(address: MysqlSource["address"]): string {
  if ("socketPath" in address) return address.socketPath;
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad("has a malformed % in the database name");
  }
}

function bad(rule: string): Error {
  return invalidArgument("dataSource", rule);
}
