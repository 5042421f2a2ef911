/**
 * Searches the web by a public search page, and reads the results out of it.
 *
 * @skill:id      ai.luminarys.as.web-search
 * @skill:name    "Web search"
 * @skill:version 1.0.0
 * @skill:desc    "Searches the web and returns titles, addresses and snippets."
 * @skill:sdk     "@luminarys/sdk-as"
 * @skill:require http **
 */

import { Context, getEnv, httpGet } from "@luminarys/sdk-as";
import { attribute, plain } from "./html";

const SEARCH_URL: string = "https://html.duckduckgo.com/html/?q=";
const TIMEOUT_MS: i64 = 10000;
const MOST: i32 = 10;

// @skill:method search "Search the web."
// @skill:param  query required "What to look for" example:wasm component model
// @skill:result "At most ten results, each with its title, address and snippet"
export function search(_ctx: Context, query: string): string {
  const wanted = query.trim();
  if (wanted.length == 0) throw new Error("query is empty");
  const configured = getEnv("SEARCH_URL");
  const response = httpGet((configured.length > 0 ? configured : SEARCH_URL) + encodeURIComponent(wanted), TIMEOUT_MS);
  if (response.status != 200) throw new Error("the search page answered with HTTP " + response.status.toString());
  const found = results(String.UTF8.decodeUnsafe(response.body.dataStart, response.body.length));
  return found.length > 0 ? found : "No results for: " + wanted;
}

/** A result is a link of the class result__a; its snippet, of the class result__snippet, comes before the next result. */
function results(page: string): string {
  let text = "";
  let count = 0;
  let at = nextOf(page, "result__a", 0);
  while (at >= 0 && count < MOST) {
    const next = nextOf(page, "result__a", at + 1);
    const address = target(attribute(page, at, "href"));
    const title = content(page, at);
    if (address.length > 0 && title.length > 0) {
      const snippetAt = nextOf(page, "result__snippet", at);
      const snippet = snippetAt >= 0 && (next < 0 || snippetAt < next) ? content(page, snippetAt) : "";
      count++;
      text += (count > 1 ? "\n\n" : "") + count.toString() + ". " + title + "\n   " + address + (snippet.length > 0 ? "\n   " + snippet : "");
    }
    at = next;
  }
  return text;
}

/** Where the next tag with a class begins; -1 without one. */
function nextOf(page: string, name: string, from: i32): i32 {
  let at = from - 1;
  while (true) {
    at = page.indexOf(name, at + 1);
    if (at < 0) return -1;
    const start = page.lastIndexOf("<", at);
    if (start >= from && (" " + attribute(page, start, "class") + " ").includes(" " + name + " ")) return start;
  }
}

/** What stands between a tag and its end, without the tags in it. */
function content(page: string, tag: i32): string {
  const start = page.indexOf(">", tag) + 1;
  let nameEnd = tag + 1;
  while (nameEnd < start - 1 && page.charCodeAt(nameEnd) > 0x20) nameEnd++;
  const end = page.indexOf("</" + page.substring(tag + 1, nameEnd), start);
  return start > 0 && end >= 0 ? plain(page.substring(start, end)) : "";
}

/** The address of a result. The page leads over itself: the real address is a parameter of the link. Advertisements are left out. */
function target(link: string): string {
  const marker = link.indexOf("uddg=");
  if (marker < 0) {
    const address = link.startsWith("//") ? "https:" + link : link;
    return address.startsWith("http://") || address.startsWith("https://") ? address : "";
  }
  const start = marker + 5;
  const end = link.indexOf("&", start);
  const address = decode(end < 0 ? link.substring(start) : link.substring(start, end));
  return address.includes("duckduckgo.com/y.js") ? "" : address;
}

/** Percent signs decoded. The library's own function ends the call on a malformed text. */
function decode(text: string): string {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const high = bytes[i] == 0x25 && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
    const low = high >= 0 ? digit(bytes[i + 2]) : -1;
    if (low >= 0) i += 2;
    bytes[length++] = low >= 0 ? <u8>(high << 4 | low) : bytes[i];
  }
  return String.UTF8.decodeUnsafe(bytes.dataStart, length);
}

function digit(unit: u8): i32 {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower: i32 = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
