import { setTimeout as sleep } from "node:timers/promises";
import { readCommand } from "./run-command.ts";

/** A server that Docker can run where the machine has no package of it. */
export interface DockerImage {
  readonly image: string;
  /** The port inside the container. */
  readonly port: number;
  /** `NAME=value` settings of the container. */
  readonly settings: readonly string[];
  /** A command that succeeds inside the container once the server answers. */
  readonly ready: readonly string[];
}

/** A running container. */
export interface DockerServer {
  /** The port on 127.0.0.1. */
  readonly port: number;
  stop(): Promise<void>;
}

const READY_SECONDS_MAX = 120;

/** Runs the server in a container; undefined if no Docker engine answers or the image does not start. */
export async function startDockerServer(server: DockerImage): Promise<DockerServer | undefined> {
  if ((await readCommand("docker", ["info"])) === undefined) return undefined;
  const settings = server.settings.flatMap((setting) => ["-e", setting]);
  const publish = ["-p", `127.0.0.1::${server.port}`];
  const id = (
    await readCommand("docker", ["run", "--rm", "-d", ...publish, ...settings, server.image])
  )?.trim();
  if (id === undefined) return undefined;
  const stop = async (): Promise<void> => {
    await readCommand("docker", ["rm", "-f", id]);
  };
  const port = Number(
    (await readCommand("docker", ["port", id, String(server.port)]))?.trim().split(":").at(-1),
  );
  if (Number.isInteger(port) && (await becomesReady(id, server.ready))) return { port, stop };
  await stop();
  return undefined;
}

async function becomesReady(id: string, command: readonly string[]): Promise<boolean> {
  const deadline = Date.now() + READY_SECONDS_MAX * 1000;
  while (Date.now() < deadline) {
    if ((await readCommand("docker", ["exec", id, ...command])) !== undefined) return true;
    await sleep(500);
  }
  return false;
}
