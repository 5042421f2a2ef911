import { Request } from "./abi_internal";
import { Encoder, MsgValue } from "./msgpack";

@external("env", "http_get") declare function env_http_get(ptr: usize, len: i32): u64;
@external("env", "http_post") declare function env_http_post(ptr: usize, len: i32): u64;
@external("env", "http_request") declare function env_http_request(ptr: usize, len: i32): u64;

export class HttpHeader {
  constructor(public name: string = "", public value: string = "") {}
}

export class HttpCookie {
  name: string = "";
  value: string = "";
  domain: string = "";
  path: string = "";
  /** Unix time in seconds; 0 means until the session ends. */
  expires: i64 = 0;
  secure: bool = false;
  httponly: bool = false;
}

export class HttpResponse {
  status: i32 = 0;
  headers: HttpHeader[] = [];
  cookies: HttpCookie[] = [];
  body: Uint8Array = new Uint8Array(0);
  /** Whether the body was cut at the limit. */
  truncated: bool = false;
}

/** Gets a URL and follows redirects. Zeros mean 30 s and 1 MiB. */
export function httpGet(url: string, timeoutMs: i64 = 0, maxBytes: i64 = 0): HttpResponse {
  return response(new Request().text("url", url).int("timeout_ms", timeoutMs).int("max_bytes", maxBytes).call("http_get", env_http_get));
}

/** Posts bytes. An empty content type means application/octet-stream. */
export function httpPost(url: string, body: Uint8Array, contentType: string = "", timeoutMs: i64 = 0, maxBytes: i64 = 0): HttpResponse {
  return response(new Request()
    .text("url", url).bytes("body", body).text("content_type", contentType).int("timeout_ms", timeoutMs).int("max_bytes", maxBytes)
    .call("http_post", env_http_post));
}

/** Sends any request. Redirects are not followed unless asked for; the jar keeps cookies of this skill between calls. */
export function httpRequest(
  method: string, url: string, body: Uint8Array = new Uint8Array(0), headers: HttpHeader[] = [], cookies: HttpCookie[] = [],
  timeoutMs: i64 = 0, maxBytes: i64 = 0, followRedirects: bool = false, useJar: bool = false,
): HttpResponse {
  const request = new Request().text("method", method).text("url", url).bytes("body", body);
  writeHeaders(request.key("headers"), headers);
  if (cookies.length > 0) {
    const out = request.key("cookies");
    out.encode_array_header(cookies.length);
    for (let i = 0; i < cookies.length; i++) {
      out.encode_raw(new Request().text("name", cookies[i].name).text("value", cookies[i].value).finish());
    }
  }
  return response(request
    .intIfSet("timeout_ms", timeoutMs).intIfSet("max_bytes", maxBytes)
    .flagIfSet("follow_redirects", followRedirects).flagIfSet("use_jar", useJar)
    .call("http_request", env_http_request));
}

/** Writes a list of headers, in their order. */
export function writeHeaders(out: Encoder, headers: HttpHeader[]): void {
  out.encode_array_header(headers.length);
  for (let i = 0; i < headers.length; i++) {
    out.encode_raw(new Request().text("name", headers[i].name).text("value", headers[i].value).finish());
  }
}

/** Reads a flat JSON object of texts, in its order. Whatever is not such an object ends the list. */
export function headersFromJSON(json: string): HttpHeader[] {
  const headers = new Array<HttpHeader>();
  const scan = new JsonScan(json);
  if (!scan.take(0x7b)) return headers; // {
  while (scan.at(0x22)) { // "
    const name = scan.text();
    if (!scan.take(0x3a)) break; // :
    headers.push(new HttpHeader(name, scan.at(0x22) ? scan.text() : scan.word()));
    if (!scan.take(0x2c)) break; // ,
  }
  return headers;
}

/** As much of JSON as a flat object of texts needs. */
class JsonScan {
  private pos: i32 = 0;

  constructor(private source: string) {}

  at(unit: i32): bool {
    while (this.pos < this.source.length && this.source.charCodeAt(this.pos) <= 0x20) this.pos++;
    return this.pos < this.source.length && this.source.charCodeAt(this.pos) == unit;
  }

  take(unit: i32): bool {
    const found = this.at(unit);
    if (found) this.pos++;
    return found;
  }

  text(): string {
    let result = "";
    let start = ++this.pos;
    while (this.pos < this.source.length) {
      const unit = this.source.charCodeAt(this.pos);
      if (unit == 0x22) break;
      if (unit != 0x5c) {
        this.pos++;
        continue;
      }
      result += this.source.substring(start, this.pos++) + this.escape();
      start = this.pos;
    }
    return result + this.source.substring(start, this.pos++);
  }

  /** A number, true, false or null, as it is written. */
  word(): string {
    const start = this.pos;
    while (this.pos < this.source.length) {
      const unit = this.source.charCodeAt(this.pos);
      if (unit == 0x2c || unit == 0x7d || unit <= 0x20) break;
      this.pos++;
    }
    return this.source.substring(start, this.pos);
  }

  private escape(): string {
    const unit = this.source.charCodeAt(this.pos++);
    if (unit == 0x75) { // u
      const code = <i32>parseInt(this.source.substring(this.pos, this.pos + 4), 16);
      this.pos += 4;
      return String.fromCharCode(code);
    }
    if (unit == 0x6e) return "\n";
    if (unit == 0x74) return "\t";
    if (unit == 0x72) return "\r";
    if (unit == 0x62) return "\b";
    if (unit == 0x66) return "\f";
    return String.fromCharCode(unit);
  }
}

function response(answer: MsgValue): HttpResponse {
  const result = new HttpResponse();
  result.status = <i32>answer.getField("status").getInt();
  result.body = answer.getField("body").getBytes();
  result.truncated = answer.getField("truncated").getBool();
  const headers = answer.getField("headers");
  for (let i = 0; i < headers.getArrayLen(); i++) {
    const from = headers.getIndex(i);
    result.headers.push(new HttpHeader(from.getField("name").getStr(), from.getField("value").getStr()));
  }
  const cookies = answer.getField("cookies");
  for (let i = 0; i < cookies.getArrayLen(); i++) {
    const from = cookies.getIndex(i);
    const cookie = new HttpCookie();
    cookie.name = from.getField("name").getStr();
    cookie.value = from.getField("value").getStr();
    cookie.domain = from.getField("domain").getStr();
    cookie.path = from.getField("path").getStr();
    cookie.expires = from.getField("expires").getInt();
    cookie.secure = from.getField("secure").getBool();
    cookie.httponly = from.getField("httponly").getBool();
    result.cookies.push(cookie);
  }
  return result;
}
