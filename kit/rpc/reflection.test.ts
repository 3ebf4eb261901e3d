import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Client, credentials } from "@grpc/grpc-js";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder } from "@mall/kit/testing";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { createRpcServer } from "./server.ts";

const CONTRACT = `syntax = "proto3";
package probe;
message Sample { int64 id = 1; optional string note = 2; }
service Probe { rpc Echo(Sample) returns (Sample); }`;

/** The part of the protocol that tools use. */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message Request { oneof ask { string file_containing_symbol = 4; string list_services = 7; } }
  message Response { Files file_descriptor_response = 4; Services list_services_response = 6; }
  message Files { repeated bytes file_descriptor_proto = 1; }
  message Services { repeated Service service = 1; }
  message Service { string name = 1; }`,
  { keepCase: true },
);
const Request = root.lookupType("Request");
const Response = root.lookupType("Response");

for (const version of ["v1", "v1alpha"]) {
  test(`a tool learns services and messages by reflection ${version}`, async (t) => {
    const path = join(createTestFolder(), "probe.proto");
    writeFileSync(path, CONTRACT);
    const server = createRpcServer({
      runtime: systemRuntime,
      log: silentLogger,
      timeoutMs: 2_000,
      reflection: [pathToFileURL(path)],
    });
    const plain = new Client(await server.start("127.0.0.1:0"), credentials.createInsecure());
    t.after(async () => {
      plain.close();
      await server.stop(0);
    });
    const ask = (question: object): Promise<protobuf.Message & Record<string, never>> => {
      const stream = plain.makeBidiStreamRequest(
        `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
        (message: object) => Buffer.from(Request.encode(message).finish()),
        (bytes: Buffer) => Response.toObject(Response.decode(bytes)) as never,
      );
      return new Promise((resolve, reject) => {
        stream.on("data", resolve).on("error", reject);
        stream.write(question);
        stream.end();
      });
    };
    assert.deepEqual(await ask({ list_services: "*" }), {
      list_services_response: { service: [{ name: "probe.Probe" }] },
    });
    const { file_descriptor_response: files } = (await ask({ file_containing_symbol: "probe.Probe" })) as {
      file_descriptor_response?: { file_descriptor_proto: Buffer[] };
    };
    const [file] = files?.file_descriptor_proto ?? [];
    // The extension adds the decoder without its type.
    const read = descriptor.FileDescriptorProto.decode(file ?? Buffer.alloc(0)) as unknown as {
      name: string;
      messageType: { field: { name: string }[] }[];
    };
    assert.equal(read.name, "probe.proto");
    assert.deepEqual(
      read.messageType[0]?.field.map(({ name }) => name),
      ["id", "note"],
    );
  });
}

test("a contract with imports is told with all of its files, each naming those that it needs", async (t) => {
  const folder = createTestFolder();
  mkdirSync(join(folder, "shop"));
  writeFileSync(
    join(folder, "common.proto"),
    'syntax = "proto3"; package common; message Page { int64 number = 1; }',
  );
  const path = join(folder, "shop/shop.proto");
  const contract = `syntax = "proto3";
    package shop;
    import "common.proto";
    import "google/protobuf/timestamp.proto";
    message Item { google.protobuf.Timestamp at = 1; Kind kind = 2; enum Kind { PLAIN = 0; } }
    service Shop { rpc List(common.Page) returns (stream Item); }`;
  writeFileSync(path, contract);
  const server = createRpcServer({
    runtime: systemRuntime,
    log: silentLogger,
    timeoutMs: 2_000,
    reflection: [pathToFileURL(path)],
  });
  const plain = new Client(await server.start("127.0.0.1:0"), credentials.createInsecure());
  t.after(async () => {
    plain.close();
    await server.stop(0);
  });
  const stream = plain.makeBidiStreamRequest(
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    (message: object) => Buffer.from(Request.encode(message).finish()),
    (bytes: Buffer) => Response.toObject(Response.decode(bytes)),
  );
  const told = once(stream, "data");
  stream.write({ file_containing_symbol: "shop.Shop" });
  const [{ file_descriptor_response: files }] = await told;
  const ended = once(stream, "end");
  stream.end();
  await ended;
  const needs = files.file_descriptor_proto.map((bytes: Buffer) => {
    // The extension adds the decoder without its type.
    const { name, dependency } = descriptor.FileDescriptorProto.decode(bytes) as unknown as {
      name: string;
      dependency: string[];
    };
    return [name, dependency.toSorted()];
  });
  assert.deepEqual(Object.fromEntries(needs), {
    "shop.proto": ["common.proto", "google_protobuf.proto"],
    "common.proto": [],
    "google_protobuf.proto": [],
  });
});
