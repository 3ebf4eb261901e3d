import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opens a TCP connection to a mall's HTTP port; it may be cut by the other side at any time. */
export async function openConnection(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Everything the other side sends until it closes the connection. */
export async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  if (!socket.closed) await once(socket, "close");
  return text;
}

/** Sends text one byte at a time until it is all sent, the connection is gone or `signal` says stop. */
export async function trickle(socket: Socket, text: string, signal: AbortSignal): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (signal.aborted || !socket.writable) return;
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
