const DEEPEST: i32 = 200;

/** Whether a text is one JSON value. Values nested more than 200 deep are refused. */
export function isJson(text: string): bool {
  const scan = new Scan(text);
  return scan.value(0) && scan.isAtEnd();
}

class Scan {
  private pos: i32 = 0;

  constructor(private text: string) {}

  isAtEnd(): bool {
    return this.peek() < 0;
  }

  value(depth: i32): bool {
    const unit = this.peek();
    if (unit == 0x7b) return depth < DEEPEST && this.list(0x7d, true, depth); // {
    if (unit == 0x5b) return depth < DEEPEST && this.list(0x5d, false, depth); // [
    if (unit == 0x22) return this.string(); // "
    return this.word("true") || this.word("false") || this.word("null") || this.number();
  }

  private list(end: i32, hasNames: bool, depth: i32): bool {
    this.pos++;
    if (this.take(end)) return true;
    do {
      if (hasNames && (this.peek() != 0x22 || !this.string() || !this.take(0x3a))) return false; // " and :
      if (!this.value(depth + 1)) return false;
    } while (this.take(0x2c)); // ,
    return this.take(end);
  }

  private string(): bool {
    for (this.pos++; this.pos < this.text.length; this.pos++) {
      const unit = this.text.charCodeAt(this.pos);
      if (unit < 0x20) return false;
      if (unit == 0x5c) { // backslash
        this.pos++;
      } else if (unit == 0x22) {
        this.pos++;
        return true;
      }
    }
    return false;
  }

  private number(): bool {
    if (this.at() == 0x2d) this.pos++; // -
    if (!this.digits()) return false;
    if (this.at() == 0x2e) { // .
      this.pos++;
      if (!this.digits()) return false;
    }
    if ((this.at() | 0x20) != 0x65) return true; // e
    this.pos++;
    if (this.at() == 0x2b || this.at() == 0x2d) this.pos++;
    return this.digits();
  }

  private digits(): bool {
    const start = this.pos;
    while (this.at() >= 0x30 && this.at() <= 0x39) this.pos++;
    return this.pos > start;
  }

  private word(word: string): bool {
    if (!this.text.startsWith(word, this.pos)) return false;
    this.pos += word.length;
    return true;
  }

  private take(unit: i32): bool {
    if (this.peek() != unit) return false;
    this.pos++;
    return true;
  }

  /** The next unit that is no blank; -1 at the end. */
  private peek(): i32 {
    while (this.at() == 0x20 || (this.at() >= 0x09 && this.at() <= 0x0d)) this.pos++;
    return this.at();
  }

  private at(): i32 {
    return this.pos < this.text.length ? this.text.charCodeAt(this.pos) : -1;
  }
}
