import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createUserHttpClient } from "@mall/user/api";
import { type RunningCommand, startCommand } from "./run-mall.ts";

export const PASSWORD = "123456";
const MOBILE = "15212230311";
const FREE_PORTS = { Api: 0, Rpc: 0 };

/** A mall in a process of its own, on free ports. */
export interface TestMall extends RunningCommand {
  /** Base URL of the gateway. */
  readonly url: string;
  /** URL of an api or `host:port` of an rpc, by process name. */
  address(name: string): string;
}

/** A folder that is gone when the test ends. */
export function testFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "mall-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a configuration (JSON is YAML) and gives its path. */
export function writeConfig(folder: string, name: string, values: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(values));
  return path;
}

/** The configuration of an all-in-one on free ports with its data in `folder`/data. */
export function writeAllInOne(folder: string, values: object = {}): string {
  return writeConfig(folder, "mall.yaml", {
    DataDir: join(folder, "data"),
    Port: 0,
    Log: { Level: "severe" },
    Simulator: { Enabled: false },
    User: FREE_PORTS,
    Product: FREE_PORTS,
    Order: FREE_PORTS,
    Pay: FREE_PORTS,
    ...values,
  });
}

/** Starts `mall up`; killed when the test ends, if it still runs then. */
export async function startMall(t: TestContext, folder: string, configPath: string): Promise<TestMall> {
  const command = startCommand(["up", "-f", configPath], { cwd: folder });
  t.after(async () => {
    command.process.kill("SIGKILL");
    await command.finished;
  });
  const [banner] = await command.output("stdout", /mall is ready.*\n {2}docs .*?\n/s);
  const address = (name: string): string => new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(banner)?.[1] ?? "";
  return { ...command, url: address("gateway"), address };
}

/** Registers a user and gives the id. */
export async function register(url: string, mobile = MOBILE): Promise<number> {
  const users = createUserHttpClient({ baseUrl: url });
  const { id } = await users.register({ name: "ving", gender: 1, mobile, password: PASSWORD });
  return id;
}

/** Logs a registered user in and gives the token. */
export async function logIn(url: string, mobile = MOBILE): Promise<string> {
  const { accessToken } = await createUserHttpClient({ baseUrl: url }).login({ mobile, password: PASSWORD });
  return accessToken;
}

/** A port that something else than a mall listens on until the test ends. */
export async function takenPort(t: TestContext): Promise<number> {
  const server = await listen();
  t.after(() => server.close());
  return portOf(server);
}

/** A port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = await listen();
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      // Whoever asks in a language that is not ours may hang up as it likes.
      socket.on("error", () => socket.destroy());
      socket.end("something else\n");
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
