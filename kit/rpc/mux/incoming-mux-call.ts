import type { IncomingCall } from "../wire-method.ts";

/** A call that came on a stream; the stream may cancel it at any time. */
export class IncomingMuxCall implements IncomingCall {
  readonly request: Buffer;
  readonly deadline: number;
  readonly peer: string;
  readonly header: IncomingCall["header"];
  #cancelled = false;
  #listener: (() => void) | undefined;

  constructor(call: Omit<IncomingCall, "onCancelled">) {
    this.request = call.request;
    this.deadline = call.deadline;
    this.peer = call.peer;
    this.header = call.header;
  }

  onCancelled(listener: () => void): void {
    if (this.#cancelled) listener();
    else this.#listener = listener;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#listener?.();
  }
}
