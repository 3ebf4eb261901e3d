import { once } from "node:events";
import type { Server } from "node:http";
import { createServer, type Server as NetServer, type Socket } from "node:net";

/**
 * Sockets on one port. libuv takes one connection of a socket in each turn of the event loop, so that of a crowd that
 * comes at once to a busy process some would wait for hundreds of turns.
 */
const QUEUES = 16;
/** Only there does the system spread connections over sockets of one port. */
export const HAS_QUEUES = process.platform === "linux";

interface Place {
  readonly host: string;
  readonly port: number;
}

/** More queues of connections for a server beside its own. */
export interface AcceptQueues {
  /** Takes no more connections; resolves when those that came this way are over. */
  close(): Promise<void>;
}

/**
 * Sees that nobody listens there: sockets that share a port would let a second process share it too, and neither would
 * be told.
 *
 * @throws the error of the system where somebody does.
 */
export async function assertUnshared({ host, port }: Place): Promise<void> {
  if (port === 0) return;
  const probe = createServer().listen({ host, port });
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
}

/** Opens queues on the port of a plain HTTP server that listens with `reusePort`. */
export async function openQueues(server: Server, place: Place): Promise<AcceptQueues> {
  const queues = Array.from({ length: QUEUES - 1 }, () => queueFor(server));
  for (const queue of queues) {
    queue.listen({ ...place, reusePort: true });
    await once(queue, "listening");
  }
  return {
    close: async () => {
      const closed = queues.map((queue) => once(queue, "close"));
      for (const queue of queues) queue.close();
      await Promise.all(closed);
    },
  };
}

/** As an HTTP server takes connections itself, and hands them over in the documented way. */
function queueFor(server: Server): NetServer {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
    // The HTTP server tells of a request that it cannot read by the server of the socket.
    Object.assign(socket, { server });
    server.emit("connection", socket);
  });
}
