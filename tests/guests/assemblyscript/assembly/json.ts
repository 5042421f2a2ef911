/** Makes JSON text. Inside an object or a list, `key` or `next` comes before each value. */
export class Json {
  private out: string = "";
  private fresh: bool = true;

  open(bracket: string): Json {
    this.out += bracket;
    this.fresh = true;
    return this;
  }

  close(bracket: string): Json {
    this.out += bracket;
    this.fresh = false;
    return this;
  }

  next(): Json {
    if (!this.fresh) this.out += ",";
    this.fresh = false;
    return this;
  }

  key(name: string): Json {
    this.next();
    this.out += quote(name) + ":";
    return this;
  }

  raw(value: string): Json {
    this.out += value;
    return this;
  }

  text(name: string, value: string): Json {
    return this.key(name).raw(quote(value));
  }

  int(name: string, value: i64): Json {
    return this.key(name).raw(value.toString());
  }

  float(name: string, value: f64): Json {
    return this.key(name).raw(value.toString());
  }

  flag(name: string, value: bool): Json {
    return this.key(name).raw(value ? "true" : "false");
  }

  /** Bytes as text. */
  bytes(name: string, value: Uint8Array): Json {
    return this.text(name, String.UTF8.decodeUnsafe(value.dataStart, value.length));
  }

  finish(): string {
    return this.out;
  }
}

export function quote(text: string): string {
  let result = '"';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit != 0x22 && unit != 0x5c) continue;
    result += text.substring(start, i) + "\\u" + unit.toString(16).padStart(4, "0");
    start = i + 1;
  }
  return result + text.substring(start) + '"';
}
