import { crc32 } from "node:zlib";

/** What the record at the end of an archive begins with, and the most bytes from there to the end (APPNOTE 4.3.16). */
const END = Buffer.from("PK\x05\x06");
const END_BYTES_MAX = 22 + 65_535;
/** Before that record, the list of all files: what an entry begins with, and its bytes without texts (APPNOTE 4.3.12). */
const LISTED = 0x02014b50;
const LISTED_BYTES = 46;
/** Of an entry's flags, the one that says that its name is UTF-8. */
const IS_UTF8 = 0x0800;

/** The unpacked bytes of a file as the list says. */
interface Listed {
  readonly name: string;
  readonly checksum: number;
}

/**
 * The unpacked bytes of those files of a ZIP archive whose names are wanted, one after the other, while the archive
 * arrives.
 *
 * @throws an error for what is no archive with such a file, not all of one, or has other bytes than were packed.
 */
export async function* unzipped(
  archive: AsyncIterable<Uint8Array>,
  isWanted: (name: string) => boolean,
): AsyncGenerator<Uint8Array> {
  // Only whoever reads a bill needs it.
  const { Unzip, UnzipInflate } = await import("fflate");
  const ready: Uint8Array[] = [];
  const checksums: number[] = [];
  const unzip = new Unzip((file) => {
    if (!isWanted(nameOf(file.name))) return;
    const at = checksums.push(0) - 1;
    file.ondata = (error, data) => {
      if (error !== null) throw error;
      checksums[at] = crc32(data, checksums[at]);
      ready.push(data);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  let tail = Buffer.alloc(0);
  for await (const piece of archive) {
    unzip.push(piece);
    tail = Buffer.concat([tail, piece]).subarray(-END_BYTES_MAX);
    yield* ready.splice(0);
  }
  unzip.push(new Uint8Array(), true);
  yield* ready.splice(0);
  // The library misses neither files that were to come nor bytes that were changed.
  const wanted = listIn(tail).filter(({ name }) => isWanted(nameOf(name)));
  const isWhole =
    wanted.length === checksums.length && wanted.every(({ checksum }, at) => checksum === checksums[at]);
  if (wanted.length === 0 || !isWhole) throw new Error("it is no whole archive with such a file");
}

/**
 * The list of an archive's files, at its end.
 *
 * @throws RangeError where it is not all there.
 */
function listIn(tail: Buffer): Listed[] {
  const end = tail.lastIndexOf(END);
  if (end < 0) return [];
  const [count, length] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12)];
  const files: Listed[] = [];
  let at = end - length;
  for (let index = 0; index < count; index += 1) {
    if (tail.readUInt32LE(at) !== LISTED) return [];
    const nameEnd = at + LISTED_BYTES + tail.readUInt16LE(at + 28);
    const encoding = (tail.readUInt16LE(at + 8) & IS_UTF8) === 0 ? "latin1" : "utf8";
    const name = tail.toString(encoding, at + LISTED_BYTES, nameEnd);
    files.push({ name, checksum: tail.readUInt32LE(at + 16) });
    at = nameEnd + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
  }
  return files;
}

/** A name that does not say that it is UTF-8 is GBK here; it comes with a character for each byte. */
function nameOf(name: string): string {
  const bytes = Buffer.from(name, "latin1");
  return bytes.toString("latin1") === name ? new TextDecoder("gbk").decode(bytes) : name;
}
