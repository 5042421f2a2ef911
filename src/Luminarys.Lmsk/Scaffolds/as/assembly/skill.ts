/**
 * @skill:id      __ID__
 * @skill:name    "__TITLE__"
 * @skill:version 0.1.0
 * @skill:desc    "Greets people and looks into a folder."
 * @skill:sdk     "@luminarys/sdk-as"
 */

import { Context, fsLs, logInfo } from "@luminarys/sdk-as";

// @skill:method greet "Say hello to somebody, once or more often."
// @skill:param  name  required "Who is greeted" example:Ada
// @skill:param  times optional "How often" default:1
// @skill:result "One greeting a line"
export function greet(_ctx: Context, name: string, times: i64): string {
  logInfo("greeting " + name);
  const lines = new Array<string>();
  for (let i: i64 = 0; i < times; i++) lines.push("Hello, " + name + "!");
  return lines.join("\n");
}

// @skill:method list "Name the files of a folder. The manifest must grant the folder."
// @skill:param  path required "Absolute path of the folder"
// @skill:result "One name a line"
export function list(_ctx: Context, path: string): string {
  const entries = fsLs(path);
  const names = new Array<string>();
  for (let i = 0; i < entries.length; i++) names.push(entries[i].name);
  return names.join("\n");
}
