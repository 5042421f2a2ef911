const DOUBLE_QUOTE: i32 = 0x22;
const SINGLE_QUOTE: i32 = 0x27;
const BACKSLASH: i32 = 0x5c;

/** One word of a command line, whatever it holds: the host takes everything between single quotes as it is. */
export function quote(word: string): string {
  return "'" + word.replaceAll("'", "'\\''") + "'";
}

/**
 * Several words of a command line, from a text with blanks between them. Quotes and backslashes work as in a shell; a quote that is not closed is a
 * character like others. What the host would refuse outside of quotes, such as the > of "requests>=2", is part of its word.
 */
export function words(text: string): string {
  let line = "";
  let word = "";
  let isInWord = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const end = unit == DOUBLE_QUOTE || unit == SINGLE_QUOTE ? endOf(text, i) : -1;
    if (unit <= 0x20) {
      if (isInWord) line += quote(word) + " ";
      word = "";
      isInWord = false;
      continue;
    }
    isInWord = true;
    if (end >= 0) {
      const quoted = text.substring(i + 1, end);
      word += unit == SINGLE_QUOTE ? quoted : unescaped(quoted);
      i = end;
    } else {
      if (unit == BACKSLASH && i + 1 < text.length) i++;
      word += text.charAt(i);
    }
  }
  return isInWord ? line + quote(word) : line.trimEnd();
}

/** Where a quote is closed; -1 when it is not. Between double quotes a backslash keeps the next quote from closing them. */
function endOf(text: string, start: i32): i32 {
  const closing = text.charCodeAt(start);
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit == closing) return i;
    if (unit == BACKSLASH && closing == DOUBLE_QUOTE) i++;
  }
  return -1;
}

function unescaped(text: string): string {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const next = text.charCodeAt(i) == BACKSLASH && i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    if (next == DOUBLE_QUOTE || next == BACKSLASH) i++;
    result += text.charAt(i);
  }
  return result;
}
