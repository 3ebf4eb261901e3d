import type {
  MethodDefinition,
  Server,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from "@grpc/grpc-js";
import type { Runtime, Timer } from "@mall/kit/runtime";
import { rawMethod } from "./raw-method.ts";

/** What a server answers to grpc.health.v1.Health, for the process as a whole (service ""), as go-zero does. */
export interface Health {
  /** From now on SERVING. */
  serve(): void;
  /** From now on NOT_SERVING. */
  leave(): void;
}

const SERVICE = "grpc.health.v1.Health";

/** The library: how to report changes, and its methods by name. */
interface Library {
  setStatus(status: Status): void;
  readonly methods: ReadonlyMap<string, LibraryMethod>;
}

type Status = "SERVING" | "NOT_SERVING";

/** A method of the library: how its messages are read and written, and what answers them. */
interface LibraryMethod {
  readonly definition: MethodDefinition<object, object>;
  readonly answer: (call: object, callback?: (error: object | null, message?: object) => void) => void;
}

type AddService = (
  service: Readonly<Record<string, MethodDefinition<object, object>>>,
  handlers: Readonly<Record<string, LibraryMethod["answer"]>>,
) => void;

/** How often the status is refreshed for watchers, milliseconds. */
const WATCH_MS = 2_000;

export interface HealthOptions {
  readonly runtime: Runtime;
  /** Whether the process can do its work; always by default. Never rejects. */
  readonly works?: () => Promise<boolean>;
}

/**
 * Adds the health service to a server that has not started; NOT_SERVING until set otherwise, and while the process
 * cannot work. The library, which takes 50 ms and 13 MiB, is loaded when somebody asks first.
 */
export function addHealth(server: Server, options: HealthOptions): Health {
  const teller = new HealthTeller(options);
  const unary =
    (name: string) => (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
      teller
        .method(name)
        .then((method) => answerUnary(method, call, callback))
        .catch((error: unknown) => callback(asError(error)));
    };
  const watch = (call: ServerWritableStream<Buffer, Buffer>): void => {
    teller
      .method("Watch")
      .then((method) => {
        teller.watchedBy(call);
        answerStream(method, call);
      })
      .catch((error: unknown) => call.destroy(asError(error)));
  };
  const raw = (name: string, responseStream = false) => ({
    ...rawMethod(`/${SERVICE}/${name}`),
    responseStream,
  });
  server.addService(
    { Check: raw("Check"), List: raw("List"), Watch: raw("Watch", true) },
    { Check: unary("Check"), List: unary("List"), Watch: watch },
  );
  return { serve: () => teller.open(true), leave: () => teller.open(false) };
}

/** The reported status: looked up when somebody asks, and periodically while somebody watches. */
class HealthTeller {
  readonly #runtime: Runtime;
  readonly #works: () => Promise<boolean>;
  #isOpen = false;
  #told: Status = "NOT_SERVING";
  #loading: Promise<Library> | undefined;
  #watchers = 0;
  #timer: Timer | undefined;

  constructor({ runtime, works = async () => true }: HealthOptions) {
    this.#runtime = runtime;
    this.#works = works;
  }

  /** Whether calls are taken. */
  open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (!isOpen) this.#timer?.clear();
    void this.#tell();
  }

  /** A method of the library, called once the library has the current status. */
  async method(name: string): Promise<LibraryMethod> {
    this.#loading ??= loadLibrary(() => this.#told);
    const { methods } = await this.#loading;
    await this.#tell();
    return demand(methods, name);
  }

  /** Keeps this watcher up to date. */
  watchedBy(call: ServerWritableStream<Buffer, Buffer>): void {
    if (call.cancelled) return;
    this.#watchers += 1;
    call.on("cancelled", () => {
      this.#watchers -= 1;
    });
    if (this.#watchers === 1) this.#tellLater();
  }

  #tellLater(): void {
    this.#timer?.clear();
    if (this.#watchers === 0 || !this.#isOpen) return;
    this.#timer = this.#runtime.setTimer(() => void this.#tell().then(() => this.#tellLater()), WATCH_MS);
  }

  async #tell(): Promise<void> {
    const works = this.#isOpen && this.#loading !== undefined ? await this.#works() : true;
    const status = this.#isOpen && works ? "SERVING" : "NOT_SERVING";
    if (status === this.#told) return;
    this.#told = status;
    await this.#loading?.then(
      (library) => library.setStatus(status),
      () => {},
    );
  }
}

/** The server passes bytes; the library's methods take and give messages. */
function answerUnary(
  { definition, answer }: LibraryMethod,
  call: ServerUnaryCall<Buffer, Buffer>,
  callback: sendUnaryData<Buffer>,
): void {
  answer({ request: definition.requestDeserialize(call.request) }, (error, message) => {
    if (error !== null || message === undefined) callback(error);
    else callback(null, definition.responseSerialize(message));
  });
}

function answerStream(
  { definition, answer }: LibraryMethod,
  call: ServerWritableStream<Buffer, Buffer>,
): void {
  // Who left while the library was loading would be kept among the watchers for ever.
  if (call.cancelled) return;
  answer({
    request: definition.requestDeserialize(call.request),
    on: (event: string, listener: () => void) => call.on(event, listener),
    write: (message: object) => call.write(definition.responseSerialize(message)),
  });
}

async function loadLibrary(statusNow: () => Status): Promise<Library> {
  const { HealthImplementation } = await import("grpc-health-check");
  const health = new HealthImplementation({ "": statusNow() });
  const methods = new Map<string, LibraryMethod>();
  const addService: AddService = (service, handlers) => {
    for (const [name, definition] of Object.entries(service)) {
      const answer = handlers[name.toLowerCase()];
      if (answer !== undefined) methods.set(name, { definition, answer });
    }
  };
  // The library only ever adds its service to the server it is given.
  health.addToServer({ addService } as unknown as Parameters<typeof health.addToServer>[0]);
  return { setStatus: (status) => health.setStatus("", status), methods };
}

function demand(methods: ReadonlyMap<string, LibraryMethod>, name: string): LibraryMethod {
  const method = methods.get(name);
  if (method === undefined) throw new Error(`the library of ${SERVICE} has no method ${name}`);
  return method;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
