/** What a {@link MsgValue} holds. The numbers are part of the contract with generated code. */
export namespace MsgKind {
  export const Nil: i32 = 0;
  export const Bool: i32 = 1;
  export const Int: i32 = 2;
  export const Float: i32 = 3;
  export const Str: i32 = 4;
  export const Bin: i32 = 5;
  export const Array: i32 = 6;
  export const Map: i32 = 7;
}

/** One decoded MessagePack value. A new one is nil. */
export class MsgValue {
  kind: i32 = MsgKind.Nil;
  /** A bool (0 or 1) or an integer; an unsigned integer above the signed range keeps its bits. */
  int: i64 = 0;
  float: f64 = 0;
  str: string = "";
  bin: Uint8Array | null = null;
  /** The elements of an array, or the values of a map in the order of `keys`. */
  items: MsgValue[] | null = null;
  keys: string[] | null = null;

  /** The value of a map under `name`; nil if there is none or this is no map. */
  getField(name: string): MsgValue {
    const keys = this.keys;
    const items = this.items;
    if (keys != null && items != null) {
      for (let i = 0; i < keys.length; i++) {
        if (keys[i] == name) return items[i];
      }
    }
    return new MsgValue();
  }

  /** The text, or "" for anything but text. */
  getStr(): string {
    return this.str;
  }

  /** The integer; a float is cut towards zero, a bool is 0 or 1, everything else is 0. */
  getInt(): i64 {
    return this.kind == MsgKind.Float ? <i64>this.float : this.int;
  }

  /** The bytes, or an empty array for anything but bytes. */
  getBin(): Uint8Array {
    const bytes = this.bin;
    return bytes != null ? bytes : new Uint8Array(0);
  }
}
