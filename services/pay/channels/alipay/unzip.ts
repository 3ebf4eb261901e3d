/** What the record at the end of an archive begins with, and the most bytes from there to the end (APPNOTE 4.3.16). */
const END = Buffer.from("PK\x05\x06");
const END_BYTES_MAX = 22 + 65_535;

/**
 * The unpacked bytes of those files of a ZIP archive whose names are wanted, one after the other, while the archive
 * arrives.
 *
 * @throws an error for what is no archive with such a file, or not all of one.
 */
export async function* unzipped(
  archive: AsyncIterable<Uint8Array>,
  isWanted: (name: string) => boolean,
): AsyncGenerator<Uint8Array> {
  // Only whoever reads a bill needs it.
  const { Unzip, UnzipInflate } = await import("fflate");
  const ready: Uint8Array[] = [];
  let isFound = false;
  const unzip = new Unzip((file) => {
    if (!isWanted(nameOf(file.name))) return;
    isFound = true;
    file.ondata = (error, data) => {
      if (error !== null) throw error;
      ready.push(data);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  let tail: Uint8Array = new Uint8Array();
  for await (const piece of archive) {
    unzip.push(piece);
    tail = Buffer.concat([tail, piece]).subarray(-END_BYTES_MAX);
    yield* ready.splice(0);
  }
  unzip.push(new Uint8Array(), true);
  yield* ready.splice(0);
  // The library does not miss files that were to come.
  if (!isFound || !Buffer.from(tail).includes(END))
    throw new Error("it is no whole archive with such a file");
}

/** A name that does not say that it is UTF-8 is GBK here; it comes with a character for each byte. */
function nameOf(name: string): string {
  const bytes = Buffer.from(name, "latin1");
  return bytes.toString("latin1") === name ? new TextDecoder("gbk").decode(bytes) : name;
}
