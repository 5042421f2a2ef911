/** The value of an attribute of the tag that begins at a place; "" without it. */
export function attribute(page: string, tag: i32, name: string): string {
  let at = tag;
  while (at < page.length) {
    const unit = page.charCodeAt(at);
    if (unit == 0x3e) return ""; // >
    if (unit != 0x3d) { // =
      at++;
      continue;
    }
    const isIt = page.substring(max(at - name.length - 1, 0), at).trimStart() == name;
    at++;
    const quote = at < page.length ? page.charCodeAt(at) : 0;
    const isQuoted = quote == 0x22 || quote == 0x27;
    const start = isQuoted ? at + 1 : at;
    at = start;
    while (at < page.length && !(isQuoted ? page.charCodeAt(at) == quote : endsWord(page.charCodeAt(at)))) at++;
    if (isIt) return entities(page.substring(start, at));
    if (isQuoted) at++;
  }
  return "";
}

/** The text of a piece of a page: without tags, with entities as characters, with single blanks. */
export function plain(html: string): string {
  let text = "";
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    text += open < 0 ? html.substring(at) : html.substring(at, open);
    const close = open < 0 ? -1 : html.indexOf(">", open);
    at = close < 0 ? html.length : close + 1;
  }
  const parts = entities(text).replaceAll("\n", " ").replaceAll("\r", " ").replaceAll("\t", " ").split(" ");
  let line = "";
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length > 0) line += (line.length > 0 ? " " : "") + parts[i];
  }
  return line;
}

function entities(text: string): string {
  let result = "";
  let at = 0;
  while (true) {
    const start = text.indexOf("&", at);
    const end = start < 0 ? -1 : text.indexOf(";", start);
    if (end < 0) return result + text.substring(at);
    const character = end - start <= 8 ? entity(text.substring(start + 1, end)) : "";
    result += text.substring(at, start) + (character.length > 0 ? character : "&");
    at = character.length > 0 ? end + 1 : start + 1;
  }
}

function entity(name: string): string {
  if (name == "amp") return "&";
  if (name == "lt") return "<";
  if (name == "gt") return ">";
  if (name == "quot") return "\"";
  if (name == "apos") return "'";
  if (name == "nbsp") return " ";
  if (!name.startsWith("#")) return "";
  const isHex = name.startsWith("#x") || name.startsWith("#X");
  const code = isHex ? parseInt(name.substring(2), 16) : parseInt(name.substring(1), 10);
  return code > 0 && code < 0x110000 ? String.fromCodePoint(<i32>code) : "";
}

function endsWord(unit: i32): bool {
  return unit <= 0x20 || unit == 0x3e;
}
