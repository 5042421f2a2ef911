/** Writes MessagePack into a growing buffer. Call `finish` once, at the end. */
export class Encoder {
  private target: Uint8Array = new Uint8Array(256);
  private pos: i32 = 0;

  encode_nil(): void {
    this.put(0xc0);
  }

  encode_bool(value: bool): void {
    this.put(value ? 0xc3 : 0xc2);
  }

  /** Writes any integer in its shortest form. */
  encode_i64(value: i64): void {
    if (value >= 0) {
      if (value < 0x80) this.put(<u64>value);
      else if (value <= 0xff) this.tagged(0xcc, <u64>value, 1);
      else if (value <= 0xffff) this.tagged(0xcd, <u64>value, 2);
      else if (value <= 0xffffffff) this.tagged(0xce, <u64>value, 4);
      else this.tagged(0xd3, <u64>value, 8);
    } else if (value >= -0x20) this.put(<u64>value);
    else if (value >= -0x80) this.tagged(0xd0, <u64>value, 1);
    else if (value >= -0x8000) this.tagged(0xd1, <u64>value, 2);
    else if (value >= -0x80000000) this.tagged(0xd2, <u64>value, 4);
    else this.tagged(0xd3, <u64>value, 8);
  }

  encode_f64(value: f64): void {
    this.tagged(0xcb, reinterpret<u64>(value), 8);
  }

  /** Writes text as UTF-8. Half a surrogate pair becomes U+FFFD: a host may refuse text that is no valid UTF-8. */
  encode_str(value: string): void {
    const bytes = String.UTF8.encode(value, false, String.UTF8.ErrorMode.REPLACE);
    const length = bytes.byteLength;
    if (length < 0x20) this.put(0xa0 | <u64>length);
    else if (length <= 0xff) this.tagged(0xd9, length, 1);
    else if (length <= 0xffff) this.tagged(0xda, length, 2);
    else this.tagged(0xdb, length, 4);
    this.append(changetype<usize>(bytes), length);
  }

  encode_bin(value: Uint8Array): void {
    const length = value.length;
    if (length <= 0xff) this.tagged(0xc4, length, 1);
    else if (length <= 0xffff) this.tagged(0xc5, length, 2);
    else this.tagged(0xc6, length, 4);
    this.append(value.dataStart, length);
  }

  /** Announces `count` values. */
  encode_array_header(count: i32): void {
    if (count < 0x10) this.put(0x90 | <u64>count);
    else if (count <= 0xffff) this.tagged(0xdc, count, 2);
    else this.tagged(0xdd, count, 4);
  }

  /** Announces `count` pairs of a text key and a value. */
  encode_map_header(count: i32): void {
    if (count < 0x10) this.put(0x80 | <u64>count);
    else if (count <= 0xffff) this.tagged(0xde, count, 2);
    else this.tagged(0xdf, count, 4);
  }

  /** The bytes written so far, as a copy. */
  finish(): Uint8Array {
    return this.target.slice(0, this.pos);
  }

  private put(byte: u64): void {
    store<u8>(this.reserve(1), <u8>byte);
  }

  private tagged(tag: u64, value: u64, size: i32): void {
    const at = this.reserve(size + 1);
    store<u8>(at, <u8>tag);
    for (let i = 0; i < size; i++) store<u8>(at + 1 + i, <u8>(value >> (8 * (size - 1 - i))));
  }

  private append(source: usize, length: i32): void {
    memory.copy(this.reserve(length), source, length);
  }

  private reserve(length: i32): usize {
    const needed = this.pos + length;
    if (needed > this.target.length) {
      const grown = new Uint8Array(max(needed, this.target.length * 2));
      memory.copy(grown.dataStart, this.target.dataStart, this.pos);
      this.target = grown;
    }
    const at = this.target.dataStart + <usize>this.pos;
    this.pos = needed;
    return at;
  }
}
