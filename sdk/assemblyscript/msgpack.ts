// MessagePack: what skill and host say to each other.

// Values come from a caller: without a limit, nested ones would exhaust the guest's stack.
const MAX_DEPTH: i32 = 64;

/** What a {@link MsgValue} holds. The numbers are part of the contract with generated code. */
export namespace MsgKind {
  export const Nil: u8 = 0;
  export const Bool: u8 = 1;
  export const Int: u8 = 2;
  export const Float: u8 = 3;
  export const Str: u8 = 4;
  export const Bin: u8 = 5;
  export const Array: u8 = 6;
  export const Map: u8 = 7;
}

/** One decoded MessagePack value. A new one is nil. */
export class MsgValue {
  kind: u8 = MsgKind.Nil;
  b: bool = false;
  /** An unsigned integer above the signed range keeps its bits. */
  i: i64 = 0;
  f: f64 = 0;
  s: string = "";
  bin: Uint8Array = new Uint8Array(0);
  /** The elements of an array. */
  arr: MsgValue[] = [];
  /** The keys of a map, in the order of `vals`. */
  keys: string[] = [];
  vals: MsgValue[] = [];

  static nil(): MsgValue {
    return new MsgValue();
  }

  static bool(value: bool): MsgValue {
    const result = new MsgValue();
    result.kind = MsgKind.Bool;
    result.b = value;
    return result;
  }

  static int(value: i64): MsgValue {
    const result = new MsgValue();
    result.kind = MsgKind.Int;
    result.i = value;
    return result;
  }

  static float(value: f64): MsgValue {
    const result = new MsgValue();
    result.kind = MsgKind.Float;
    result.f = value;
    return result;
  }

  static str(value: string): MsgValue {
    const result = new MsgValue();
    result.kind = MsgKind.Str;
    result.s = value;
    return result;
  }

  static bin(value: Uint8Array): MsgValue {
    const result = new MsgValue();
    result.kind = MsgKind.Bin;
    result.bin = value;
    return result;
  }

  /** The text, or "" for anything but text. */
  getStr(): string {
    return this.s;
  }

  /** The integer; a float is cut towards zero, everything else is 0. */
  getInt(): i64 {
    return this.kind == MsgKind.Float ? <i64>this.f : this.i;
  }

  /** The number as a float; 0 for anything but a number. */
  getFloat(): f64 {
    return this.kind == MsgKind.Int ? <f64>this.i : this.f;
  }

  /** The bool; an integer is true unless it is 0, everything else is false. */
  getBool(): bool {
    return this.b || this.i != 0;
  }

  /** The bytes, or an empty array for anything but bytes. */
  getBytes(): Uint8Array {
    return this.bin;
  }

  /** How many elements an array has; 0 for anything else. */
  getArrayLen(): i32 {
    return this.arr.length;
  }

  /** An element of an array; nil if there is none. */
  getIndex(index: i32): MsgValue {
    return index >= 0 && index < this.arr.length ? this.arr[index] : new MsgValue();
  }

  /** The value of a map under `key`; nil if there is none or this is no map. */
  getField(key: string): MsgValue {
    for (let i = 0; i < this.keys.length; i++) {
      if (this.keys[i] == key) return this.vals[i];
    }
    return new MsgValue();
  }
}

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

  encode_u32(value: u32): void {
    this.encode_i64(<i64>value);
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

  /** Appends a value that is encoded already. */
  encode_raw(value: Uint8Array): void {
    this.append(value.dataStart, value.length);
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

/** Reads MessagePack. Every value is copied out, so the source may be reused afterwards. Malformed input aborts. */
export class Decoder {
  private pos: i32 = 0;

  constructor(private source: Uint8Array) {}

  /** Reads the next value. */
  decode(): MsgValue {
    return this.value(0);
  }

  private value(depth: i32): MsgValue {
    if (depth > MAX_DEPTH) throw new Error("MessagePack: nested too deeply");
    const tag = <u32>this.uint(1);

    if (tag < 0x80) return MsgValue.int(<i64>tag);
    if (tag < 0x90) return this.map(tag & 0x0f, depth);
    if (tag < 0xa0) return this.array(tag & 0x0f, depth);
    if (tag < 0xc0) return this.text(tag & 0x1f);
    if (tag >= 0xe0) return MsgValue.int(<i64>tag - 0x100);

    switch (tag) {
      case 0xc0: return new MsgValue();
      case 0xc2: return MsgValue.bool(false);
      case 0xc3: return MsgValue.bool(true);
      case 0xc4: return this.bytes(<u32>this.uint(1));
      case 0xc5: return this.bytes(<u32>this.uint(2));
      case 0xc6: return this.bytes(<u32>this.uint(4));
      case 0xca: return MsgValue.float(<f64>reinterpret<f32>(<u32>this.uint(4)));
      case 0xcb: return MsgValue.float(reinterpret<f64>(this.uint(8)));
      case 0xcc: return MsgValue.int(<i64>this.uint(1));
      case 0xcd: return MsgValue.int(<i64>this.uint(2));
      case 0xce: return MsgValue.int(<i64>this.uint(4));
      case 0xcf: return MsgValue.int(<i64>this.uint(8));
      case 0xd0: return MsgValue.int(<i64><i8>this.uint(1));
      case 0xd1: return MsgValue.int(<i64><i16>this.uint(2));
      case 0xd2: return MsgValue.int(<i64><i32>this.uint(4));
      case 0xd3: return MsgValue.int(<i64>this.uint(8));
      case 0xd9: return this.text(<u32>this.uint(1));
      case 0xda: return this.text(<u32>this.uint(2));
      case 0xdb: return this.text(<u32>this.uint(4));
      case 0xdc: return this.array(<u32>this.uint(2), depth);
      case 0xdd: return this.array(<u32>this.uint(4), depth);
      case 0xde: return this.map(<u32>this.uint(2), depth);
      case 0xdf: return this.map(<u32>this.uint(4), depth);
      default: throw new Error("MessagePack: unsupported type 0x" + tag.toString(16));
    }
  }

  private text(length: u32): MsgValue {
    const start = this.skip(length);
    return MsgValue.str(String.UTF8.decodeUnsafe(start, length));
  }

  private bytes(length: u32): MsgValue {
    const start = this.skip(length);
    const copy = new Uint8Array(<i32>length);
    memory.copy(copy.dataStart, start, length);
    return MsgValue.bin(copy);
  }

  private array(count: u32, depth: i32): MsgValue {
    this.require(count);
    const result = new MsgValue();
    result.kind = MsgKind.Array;
    for (let i: u32 = 0; i < count; i++) result.arr.push(this.value(depth + 1));
    return result;
  }

  private map(count: u32, depth: i32): MsgValue {
    this.require(count);
    const result = new MsgValue();
    result.kind = MsgKind.Map;
    for (let i: u32 = 0; i < count; i++) {
      result.keys.push(this.value(depth + 1).s);
      result.vals.push(this.value(depth + 1));
    }
    return result;
  }

  /** A big-endian unsigned number of 1, 2, 4 or 8 bytes. */
  private uint(size: i32): u64 {
    const start = this.skip(size);
    let number: u64 = 0;
    for (let i = 0; i < size; i++) number = number << 8 | <u64>load<u8>(start + i);
    return number;
  }

  private skip(length: u32): usize {
    this.require(length);
    const start = this.source.dataStart + <usize>this.pos;
    this.pos += <i32>length;
    return start;
  }

  private require(length: u32): void {
    if (length > <u32>(this.source.length - this.pos)) throw new Error("MessagePack: input ends too early");
  }
}
