/**
 * Sends HTTP requests. An answer with a status of 400 or more ends the call with an error that holds the status and the beginning of the body.
 *
 * @skill:id      ai.luminarys.as.web
 * @skill:name    "Web"
 * @skill:version 1.0.0
 * @skill:desc    "Reads web pages and calls web services."
 * @skill:sdk     "@luminarys/sdk-as"
 * @skill:require http **
 */

import { Context, HttpHeader, HttpResponse, headersFromJSON, httpGet, httpPost, httpRequest } from "@luminarys/sdk-as";
import { isJson } from "./json";

const QUOTED_LENGTH: i32 = 500;

// @skill:method get "Read a page. Redirects are followed."
// @skill:param  url required "An http or https URL" example:https://example.com/
// @skill:result "The body as text"
export function get(_ctx: Context, url: string): string {
  return textOf(httpGet(url));
}

// @skill:method get_json "Read a JSON document. Redirects are followed."
// @skill:param  url required "An http or https URL" example:https://api.example.com/items
// @skill:result "The document, as it came"
export function getJson(_ctx: Context, url: string): string {
  const response = httpRequest("GET", url, new Uint8Array(0), [new HttpHeader("Accept", "application/json")], [], 0, 0, true);
  check(response);
  if (response.truncated) throw new Error("the JSON document is longer than what the manifest allows");
  const text = decode(response.body);
  if (!isJson(text)) throw new Error("the answer is not JSON: " + beginning(text));
  return text;
}

// @skill:method post "Send a JSON document or another text. One that begins with { or [ is sent as application/json."
// @skill:param  url required "An http or https URL" example:https://api.example.com/items
// @skill:param  body required "What to send" example:{"name":"value"}
// @skill:result "The body of the answer as text"
export function post(_ctx: Context, url: string, body: string): string {
  const start = body.trimStart();
  const type = start.startsWith("{") || start.startsWith("[") ? "application/json" : "text/plain; charset=utf-8";
  return textOf(httpPost(url, encode(body), type));
}

// @skill:method head "Ask for the headers of a page. Redirects are not followed."
// @skill:param  url required "An http or https URL" example:https://example.com/
// @skill:result "The status, then one header a line"
export function head(_ctx: Context, url: string): string {
  const response = httpRequest("HEAD", url);
  check(response);
  let text = "HTTP " + response.status.toString();
  for (let i = 0; i < response.headers.length; i++) text += "\n" + response.headers[i].name + ": " + response.headers[i].value;
  return text;
}

// @skill:method request "Send a request with any method and headers. Redirects are followed."
// @skill:param  method required "GET, POST, PUT, PATCH, DELETE or another" example:PUT
// @skill:param  url required "An http or https URL" example:https://api.example.com/items/1
// @skill:param  body optional "What to send"
// @skill:param  headers optional "A JSON object; e.g. {\"Content-Type\":\"application/json\"}. They are sent in this order"
// @skill:result "The body of the answer as text"
export function request(_ctx: Context, method: string, url: string, body: string = "", headersJson: string = ""): string {
  const headers = headersFromJSON(headersJson);
  const given = headersJson.trim();
  if (given.length > 0 && (!given.startsWith("{") || !isJson(given))) throw new Error("headers is not a JSON object: " + beginning(given));
  return textOf(httpRequest(method.toUpperCase(), url, encode(body), headers, [], 0, 0, true));
}

function textOf(response: HttpResponse): string {
  check(response);
  const text = decode(response.body);
  return response.truncated ? text + "\n[truncated after " + response.body.length.toString() + " bytes]" : text;
}

function check(response: HttpResponse): void {
  if (response.status < 400) return;
  const text = beginning(decode(response.body));
  throw new Error("HTTP " + response.status.toString() + (text.length > 0 ? ": " + text : ""));
}

function beginning(text: string): string {
  const start = text.trim();
  return start.length > QUOTED_LENGTH ? start.substring(0, QUOTED_LENGTH) + "..." : start;
}

function decode(bytes: Uint8Array): string {
  return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
}

function encode(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}
