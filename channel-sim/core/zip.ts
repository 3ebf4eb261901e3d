import { crc32, deflateRawSync } from "node:zlib";

/** A file of an archive. Names are bytes, as those of Alipay are in GBK; libraries write UTF-8 and say so. */
export interface ZipEntry {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
}

const VERSION = 20;
const DEFLATE = 8;
/** 1980-01-01 as DOS writes it: who reads a bill has no use for the time. */
const DOS_DATE = 0x21;

/** An archive as PKWARE's APPNOTE has it, deflated, with sizes before the data. */
export function zipOf(entries: readonly ZipEntry[]): Uint8Array {
  let offset = 0;
  const packed = entries.map(({ name, bytes }) => {
    const data = deflateRawSync(bytes);
    const common = commonPart(name, bytes, data);
    const local = Buffer.concat([signature(0x0403_4b50), common, name, data]);
    const central = Buffer.concat([
      signature(0x0201_4b50),
      uint16(VERSION),
      common,
      centralPart(offset),
      name,
    ]);
    offset += local.length;
    return { local, central };
  });
  const directory = Buffer.concat(packed.map(({ central }) => central));
  const count = uint16(entries.length);
  const end = [signature(0x0605_4b50), uint16(0), uint16(0), count, count];
  const place = [uint32(directory.length), uint32(offset), uint16(0)];
  return Buffer.concat([...packed.map(({ local }) => local), directory, ...end, ...place]);
}

/** From the version that is needed to the length of further fields, of which there are none. */
function commonPart(name: Uint8Array, bytes: Uint8Array, data: Uint8Array): Buffer {
  return Buffer.concat([
    ...[uint16(VERSION), uint16(0), uint16(DEFLATE), uint16(0), uint16(DOS_DATE)],
    ...[uint32(crc32(bytes)), uint32(data.length), uint32(bytes.length), uint16(name.length), uint16(0)],
  ]);
}

/** From the comment's length to where the local header is: no comment, disk or attributes. */
function centralPart(offset: number): Buffer {
  return Buffer.concat([uint16(0), uint16(0), uint16(0), uint32(0), uint32(offset)]);
}

const signature = uint32;

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
