import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";

const END_SIZE = 22;
const gbk = new TextDecoder("gbk", { fatal: true });

/** The files of a bill's archive by their names, both in GBK; read from the archive's end, as readers of it are to. */
export function readArchive(archive: Uint8Array): Record<string, string> {
  const bytes = Buffer.from(archive);
  const end = bytes.subarray(-END_SIZE);
  assert.equal(end.readUInt32LE(0), 0x0605_4b50);
  const files: Record<string, string> = {};
  for (let at = end.readUInt32LE(16), left = end.readUInt16LE(10); left > 0; left -= 1) {
    assert.equal(bytes.readUInt32LE(at), 0x0201_4b50);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.subarray(at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    assert.equal(bytes.readUInt32LE(local), 0x0403_4b50);
    assert.deepEqual(bytes.subarray(local + 30, local + 30 + nameLength), name);
    const data = bytes.subarray(local + 30 + nameLength).subarray(0, bytes.readUInt32LE(at + 20));
    const text = inflateRawSync(data);
    assert.equal(text.length, bytes.readUInt32LE(at + 24));
    files[gbk.decode(name)] = gbk.decode(text);
    at += 46 + nameLength;
  }
  return files;
}
