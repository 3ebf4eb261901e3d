import { encodeGbk } from "./gbk.ts";

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An archive whose names are in GBK and do not say so, as those of Alipay; who reads a bill has no use for its times. */
export async function zipOf(entries: readonly ZipEntry[]): Promise<Uint8Array> {
  // Only whoever makes such a bill needs it.
  const { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } = await import("@zip.js/zip.js");
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    encodeText: encodeGbk,
    useUnicodeFileNames: false,
    useWebWorkers: false,
    extendedTimestamp: false,
    dataDescriptor: false,
    lastModDate: new Date(0),
  });
  for (const { name, bytes } of entries) await writer.add(name, new Uint8ArrayReader(bytes));
  return writer.close();
}
