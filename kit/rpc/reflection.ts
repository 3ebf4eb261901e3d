import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { MethodDefinition, Server, ServerDuplexStream } from "@grpc/grpc-js";
import type { ReflectionService } from "@grpc/reflection";
import { loadContract, packagesUsed } from "./load-contract.ts";
import { rawStream } from "./raw-method.ts";

/** The protocol's names (github.com/grpc/grpc, doc/server-reflection.md); tools still ask for the older one. */
const SERVICES = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];
const METHOD = "ServerReflectionInfo";

type RawStream = ServerDuplexStream<Buffer, Buffer>;

/** A method of the library: how its messages are read and written, and what answers them. */
interface LibraryMethod {
  readonly definition: MethodDefinition<object, object>;
  readonly answer: (stream: MessageStream) => void;
}

/** What the library's method uses of a stream. */
interface MessageStream {
  on(event: string, listener: (message?: object) => void): void;
  write(message: object): void;
  end(): void;
}

/**
 * Lets tools ask a server for its contracts. The library, which is large, and the contracts are read when
 * the first tool asks.
 *
 * @param contracts the `.proto` files of the services.
 */
export function addReflection(server: Server, contracts: readonly URL[]): void {
  let loading: Promise<ReadonlyMap<string, LibraryMethod>> | undefined;
  for (const service of SERVICES) {
    const path = `/${service}/${METHOD}`;
    const shape = rawStream(path);
    const serve = (stream: RawStream): void => {
      loading ??= loadReflection(contracts);
      loading.then(
        (methods) => answer(stream, methods.get(path)),
        (error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    };
    server.addService({ [METHOD]: shape }, { [METHOD]: serve });
  }
}

/** The server passes bytes; the library's method takes and gives messages. */
function answer(stream: RawStream, method: LibraryMethod | undefined): void {
  if (method === undefined) return void stream.end();
  const { definition } = method;
  method.answer({
    on: (event, listener) =>
      stream.on(event, (bytes?: Buffer) =>
        listener(bytes === undefined ? undefined : definition.requestDeserialize(bytes)),
      ),
    write: (message) => stream.write(definition.responseSerialize(message)),
    end: () => stream.end(),
  });
}

async function loadReflection(contracts: readonly URL[]): Promise<ReadonlyMap<string, LibraryMethod>> {
  const { ReflectionService } = await import("@grpc/reflection");
  const described = await Promise.all(contracts.map(describeContract));
  const fileDescriptorProtos = [...new Map(described.flatMap((files) => [...files])).values()];
  // All that the library reads of a package definition.
  const definition = { contracts: { fileDescriptorProtos } } as unknown as ConstructorParameters<
    typeof ReflectionService
  >[0];
  const methods = new Map<string, LibraryMethod>();
  const recorder = {
    addService: (
      service: Record<string, MethodDefinition<object, object>>,
      handlers: Record<string, LibraryMethod["answer"]>,
    ): void => {
      const [definition, handler] = [service[METHOD], handlers[METHOD]];
      if (definition !== undefined && handler !== undefined) {
        methods.set(definition.path, { definition, answer: handler });
      }
    },
  };
  // The library only ever adds its services to the server it is given.
  new ReflectionService(definition).addToServer(
    recorder as unknown as Parameters<ReflectionService["addToServer"]>[0],
  );
  return methods;
}

/** A `.proto` file and what it imports as google.protobuf.FileDescriptorProto, one file for each package. */
async function describeContract(contract: URL): Promise<Map<string, Buffer>> {
  const [{ default: protobuf }, { default: descriptor }] = await Promise.all([
    import("protobufjs"),
    import("protobufjs/ext/descriptor.js"),
  ]);
  const { root, packageName } = await loadContract(contract, protobuf);
  const own = basename(fileURLToPath(contract));
  const nameOf = (name: string): string =>
    name === packageName ? own : `${name === "" ? "root" : name.replaceAll(".", "_")}.proto`;
  const files = descriptor.FileDescriptorSet.toObject(root.toDescriptor("proto3")).file as {
    package?: string;
  }[];
  return new Map(
    files.map((file) => {
      const { package: space = "" } = file;
      const dependency = packagesUsed(root, space, protobuf).map(nameOf);
      const named = descriptor.FileDescriptorProto.fromObject({ ...file, name: nameOf(space), dependency });
      return [nameOf(space), Buffer.from(descriptor.FileDescriptorProto.encode(named).finish())];
    }),
  );
}
