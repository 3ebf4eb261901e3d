import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below the range for outgoing connections, one of which could take the port before the server listens on it. */
const PORT_MIN = 12_000;
const PORT_END = 32_000;
const TRIES_MAX = 100;

/**
 * Free ports of 127.0.0.1, all different: each is held until the last is found. Beside each one the port that is
 * `reserve` above it is free as well, where a server listens on two.
 */
export async function freePorts(count: number, { reserve = 0 } = {}): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    for (let tries = 0; ports.length < count; tries += 1) {
      if (tries >= TRIES_MAX + count) throw new Error("no free port");
      const port = randomInt(PORT_MIN, PORT_END - reserve);
      const servers = new Map([port, port + reserve].map((each) => [each, createServer()]));
      const isFree = await Promise.all([...servers].map(([each, server]) => listens(server, each)));
      held.push(...[...servers.values()].filter((_server, index) => isFree[index]));
      if (isFree.every(Boolean)) ports.push(port);
    }
    return ports;
  } finally {
    for (const server of held) server.close();
    await Promise.all(held.map((server) => once(server, "close")));
  }
}

/** Whether the port could be bound. */
async function listens(server: Server, port: number): Promise<boolean> {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  }
}

/** One of them. */
export async function freePort(options: { readonly reserve?: number } = {}): Promise<number> {
  const [port] = await freePorts(1, options);
  if (port === undefined) throw new Error("no free port");
  return port;
}
