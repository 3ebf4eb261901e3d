// The multiplexed form: what two malls speak instead of one HTTP/2 stream per call, because the cost of a call
// is system calls and stream bookkeeping, which a frame shares among all calls of an event-loop tick.
//
// It is one bidirectional gRPC method, `/mall.Mux/Calls`, whose messages are frames. A frame is a sequence of
// records: one byte for the kind, then the fields below. A number is a varint as in protobuf, up to 2^53-1; a
// text (UTF-8) or bytes are their length as a number and then as many bytes.
//
//   server -> client
//     TABLE    version, window, count of paths, path texts  first of all, once: method number = index
//     PART     id, bytes                                    more of the answer follows
//     ANSWER   id, bytes                                    the (last part of the) answer
//     FAILURE  id, gRPC status, text, google.rpc.Status     as in the trailers of a unary call
//     LEAVE    id                                           no call after this id was or will be begun
//   client -> server
//     CALL     id, method number, milliseconds left (0: no limit), count of headers, name and value texts, bytes
//     CANCEL   id                                           nobody waits for the answer any more
//
// Ids ascend. Every call that was begun is answered or failed once, a cancelled one too. A client has at most
// `window` calls without an answer. A stream that ends with status OK leaves behind only calls that were never
// begun; any other end leaves open what became of calls that were sent.

/** The gRPC method whose messages are frames. */
export const MUX_PATH = "/mall.Mux/Calls";

/** The first field of a TABLE; a client that knows another one calls in the plain form. */
export const MUX_VERSION = 1;

/** The kinds of records, as above. */
export const RECORD = { table: 1, part: 2, answer: 3, failure: 4, leave: 5, call: 6, cancel: 7 } as const;

/** Longest frame that is accepted, bytes. */
export const FRAME_BYTES_MAX = 1024 * 1024;

/** Longest number, bytes: 2^53-1 has eight groups of seven bits. */
export const VARINT_BYTES_MAX = 8;
/** The bit of a number's byte that says that another one follows. */
export const CONTINUES = 0x80;

/** A frame that no mall sends. */
export class MalformedFrame extends Error {
  constructor(rule: string) {
    super(`frame ${rule}`);
    this.name = "MalformedFrame";
  }
}
