/**
 * Every kind of parameter and result.
 *
 * @skill:id      com.example.all
 * @skill:name    "All \"kinds\""
 * @skill:version 1.2.3
 * @skill:desc    "One method of each form."
 * @skill:sdk     "@luminarys/sdk-as"
 * @skill:require fs /data rw
 * @skill:require shell python -m venv .venv
 */
import { Context, MsgValue } from "@luminarys/sdk-as";

function helper(text: string): string {
  return text;
}

// @skill:method ping "Answer."
export function ping(): string {
  return helper("pong");
}

// @skill:method add "Add two numbers."
// @skill:param  left  required "First, e.g. {\"a\":1}"
// @skill:param  right optional "Second" default:2 example:40
// @skill:result "Their sum"
export function add(_ctx: Context, left: i64, right: i32): i64 {
  return left + right;
}

// @skill:method mix "Take one of each."
// @skill:param  text  optional "A text" default:"a b" example:func New
// @skill:param  ratio "A share" default:0.5
// @skill:param  flag  "Yes or no" default:true
// @skill:param  bytes "Some bytes"
// @skill:param  names "Names"
// @skill:param  ids   "Numbers"
// @skill:param  more  "Anything"
export function mixFn(ctx: Context, text: string, ratio: f64, flag: bool, bytes: Uint8Array,
                      names: string[], ids: i64[], more: MsgValue): string {
  return text + ratio.toString() + (flag ? "y" : "n") + bytes.length.toString() + names.join("+") + ids.length.toString() + more.kind.toString();
}

// @skill:method share "A number."
export function share(): f64 { return 0.25; }

// @skill:method yes "A flag."
export function yes(): bool { return true; }

// @skill:method raw "Some bytes."
export function raw(): Uint8Array { return new Uint8Array(3); }

// @skill:method names "A list."
export function names(): string[] { return ["a", "b"]; }

// @skill:method any "Anything."
// @skill:internal
// @skill:param value required "What to give back"
export function any(value_: i64): MsgValue { return MsgValue.int(value_); }
// @skill:method nothing "Nothing."
export function nothing(): void {}

// @skill:method on_data "Data of a connection."
// @skill:callback
export function onData(ctx: Context, event: MsgValue): void {}
