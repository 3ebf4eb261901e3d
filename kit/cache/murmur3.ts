const MASK = 0xffff_ffff_ffff_ffffn;
const C1 = 0x87c3_7b91_1142_53d5n;
const C2 = 0x4cf5_ad43_2745_937fn;
const BLOCK_BYTES = 16;

/**
 * The first 64 bits of MurmurHash3 x64-128 with seed 0 over a text's UTF-8 bytes: go-zero's hash.Hash, which
 * decides what node a key is on.
 */
export function murmur3(text: string): bigint {
  const bytes = Buffer.from(text, "utf8");
  const tailAt = bytes.length - (bytes.length % BLOCK_BYTES);
  let h1 = 0n;
  let h2 = 0n;
  for (let at = 0; at < tailAt; at += BLOCK_BYTES) {
    h1 ^= mixFirst(bytes.readBigUInt64LE(at));
    h1 = (rotate(h1, 27n) + h2) & MASK;
    h1 = (h1 * 5n + 0x52dc_e729n) & MASK;
    h2 ^= mixSecond(bytes.readBigUInt64LE(at + 8));
    h2 = (rotate(h2, 31n) + h1) & MASK;
    h2 = (h2 * 5n + 0x3849_5ab5n) & MASK;
  }
  const tail = Buffer.alloc(BLOCK_BYTES);
  bytes.copy(tail, 0, tailAt);
  h1 ^= mixFirst(tail.readBigUInt64LE(0));
  h2 ^= mixSecond(tail.readBigUInt64LE(8));
  const length = BigInt(bytes.length);
  h1 = ((h1 ^ length) + (h2 ^ length)) & MASK;
  h2 = ((h2 ^ length) + h1) & MASK;
  return (finish(h1) + finish(h2)) & MASK;
}

function mixFirst(block: bigint): bigint {
  return (rotate((block * C1) & MASK, 31n) * C2) & MASK;
}

function mixSecond(block: bigint): bigint {
  return (rotate((block * C2) & MASK, 33n) * C1) & MASK;
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function finish(value: bigint): bigint {
  const once = ((value ^ (value >> 33n)) * 0xff51_afd7_ed55_8ccdn) & MASK;
  const twice = ((once ^ (once >> 33n)) * 0xc4ce_b9fe_1a85_ec53n) & MASK;
  return twice ^ (twice >> 33n);
}
