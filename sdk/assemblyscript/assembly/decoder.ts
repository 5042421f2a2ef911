import { MsgKind, MsgValue } from "./value";

// Arguments come from a caller: without a limit, nested arrays would exhaust the guest's stack.
const MAX_DEPTH: i32 = 64;

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
    const value = new MsgValue();
    const tag = <u32>this.uint(1);

    if (tag < 0x80) return this.integer(value, <i64>tag);
    if (tag < 0x90) return this.map(value, tag & 0x0f, depth);
    if (tag < 0xa0) return this.array(value, tag & 0x0f, depth);
    if (tag < 0xc0) return this.text(value, tag & 0x1f);
    if (tag >= 0xe0) return this.integer(value, <i64>tag - 0x100);

    switch (tag) {
      case 0xc0: return value;
      case 0xc2:
      case 0xc3:
        value.kind = MsgKind.Bool;
        value.int = <i64>(tag & 1);
        return value;
      case 0xc4: return this.bytes(value, <u32>this.uint(1));
      case 0xc5: return this.bytes(value, <u32>this.uint(2));
      case 0xc6: return this.bytes(value, <u32>this.uint(4));
      case 0xca: return this.float(value, <f64>reinterpret<f32>(<u32>this.uint(4)));
      case 0xcb: return this.float(value, reinterpret<f64>(this.uint(8)));
      case 0xcc: return this.integer(value, <i64>this.uint(1));
      case 0xcd: return this.integer(value, <i64>this.uint(2));
      case 0xce: return this.integer(value, <i64>this.uint(4));
      case 0xcf: return this.integer(value, <i64>this.uint(8));
      case 0xd0: return this.integer(value, <i64><i8>this.uint(1));
      case 0xd1: return this.integer(value, <i64><i16>this.uint(2));
      case 0xd2: return this.integer(value, <i64><i32>this.uint(4));
      case 0xd3: return this.integer(value, <i64>this.uint(8));
      case 0xd9: return this.text(value, <u32>this.uint(1));
      case 0xda: return this.text(value, <u32>this.uint(2));
      case 0xdb: return this.text(value, <u32>this.uint(4));
      case 0xdc: return this.array(value, <u32>this.uint(2), depth);
      case 0xdd: return this.array(value, <u32>this.uint(4), depth);
      case 0xde: return this.map(value, <u32>this.uint(2), depth);
      case 0xdf: return this.map(value, <u32>this.uint(4), depth);
      default: throw new Error("MessagePack: unsupported type 0x" + tag.toString(16));
    }
  }

  private integer(value: MsgValue, number: i64): MsgValue {
    value.kind = MsgKind.Int;
    value.int = number;
    return value;
  }

  private float(value: MsgValue, number: f64): MsgValue {
    value.kind = MsgKind.Float;
    value.float = number;
    return value;
  }

  private text(value: MsgValue, length: u32): MsgValue {
    const start = this.skip(length);
    value.kind = MsgKind.Str;
    value.str = String.UTF8.decodeUnsafe(start, length);
    return value;
  }

  private bytes(value: MsgValue, length: u32): MsgValue {
    const start = this.skip(length);
    const copy = new Uint8Array(<i32>length);
    memory.copy(copy.dataStart, start, length);
    value.kind = MsgKind.Bin;
    value.bin = copy;
    return value;
  }

  private array(value: MsgValue, count: u32, depth: i32): MsgValue {
    this.require(count);
    const items = new Array<MsgValue>();
    for (let i: u32 = 0; i < count; i++) items.push(this.value(depth + 1));
    value.kind = MsgKind.Array;
    value.items = items;
    return value;
  }

  private map(value: MsgValue, count: u32, depth: i32): MsgValue {
    this.require(count);
    const keys = new Array<string>();
    const items = new Array<MsgValue>();
    for (let i: u32 = 0; i < count; i++) {
      keys.push(this.value(depth + 1).str);
      items.push(this.value(depth + 1));
    }
    value.kind = MsgKind.Map;
    value.keys = keys;
    value.items = items;
    return value;
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
