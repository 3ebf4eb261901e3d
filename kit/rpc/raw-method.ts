import type { ServiceDefinition } from "@grpc/grpc-js";

/** A unary method of grpc-js that passes bytes through, so that what our codec refuses becomes our own error. */
export function rawMethod(path: string): ServiceDefinition[string] {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: passBytes,
    requestDeserialize: passBytes,
    responseSerialize: passBytes,
    responseDeserialize: passBytes,
  };
}

/** The same with streams in both directions. */
export function rawStream(path: string): ServiceDefinition[string] {
  return { ...rawMethod(path), requestStream: true, responseStream: true };
}

function passBytes(bytes: Buffer): Buffer {
  return bytes;
}
