/**
 * A skill to try a host with. Its first methods need no permission; disk_usage, cwd_test and tcp_ping need one each, and end the
 * call with the host's error without it.
 *
 * @skill:id      ai.luminarys.as.echo
 * @skill:name    "Echo"
 * @skill:version 1.0.0
 * @skill:desc    "Returns, reverses and counts text, and asks the host about itself."
 * @skill:sdk     "@luminarys/sdk-as"
 */

import { Context, diskUsage, getEnv, log, shellExec, sysInfo, tcpRequest, timeNow } from "@luminarys/sdk-as";

// @skill:method echo "Return the message as it came."
// @skill:param  message required "Any text"
// @skill:result "The same text"
export function echo(_ctx: Context, message: string): string {
  return message;
}

// @skill:method ping "Answer pong: the skill is alive."
// @skill:result "pong"
export function ping(_ctx: Context): string {
  return "pong";
}

// @skill:method reverse "Return the message backwards, by UTF-16 units."
// @skill:param  message required "Any text"
// @skill:result "The text from its end to its start"
export function reverse(_ctx: Context, message: string): string {
  return message.split("").reverse().join("");
}

// @skill:method word_count "Count the words of a text."
// @skill:param  text required "Any text"
// @skill:result "How many runs of characters other than white space there are"
export function wordCount(_ctx: Context, text: string): i32 {
  let words = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const blank = unit == 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit == 0xa0 || unit == 0x3000;
    if (!blank && !inside) words++;
    inside = !blank;
  }
  return words;
}

// @skill:method sys_info "Name the machine that the skill runs on."
// @skill:result "Operating system, architecture, host name and number of processors"
export function machine(_ctx: Context): string {
  const info = sysInfo();
  return "os: " + info.os + "\narch: " + info.arch + "\nhostname: " + info.hostname + "\ncpus: " + info.num_cpu.toString();
}

// @skill:method time_now "Read the host's clock."
// @skill:result "Local time, Unix seconds, time zone and its offset in seconds"
export function clock(_ctx: Context): string {
  const now = timeNow();
  return "time: " + now.rfc3339 + "\nunix: " + now.unix.toString() + "\ntimezone: " + now.timezone
    + "\nutc_offset: " + now.utc_offset.toString();
}

// @skill:method env_get "Read a value from the env map of the manifest."
// @skill:param  key required "Name of the value"
// @skill:result "The value; empty if the manifest has none of that name"
export function setting(_ctx: Context, key: string): string {
  return getEnv(key);
}

// @skill:method disk_usage "Say how full the file system of the skill's first directory is."
// @skill:result "Bytes in all, free and used, and the used share in percent"
export function disk(_ctx: Context): string {
  const disk = diskUsage();
  return "total: " + disk.total_bytes.toString() + "\nfree: " + disk.free_bytes.toString() + "\nused: " + disk.used_bytes.toString()
    + "\nused_pct: " + disk.used_pct.toString();
}

// @skill:method cwd_test "Run pwd in a directory."
// @skill:param  workdir required "Absolute path of the directory"
// @skill:result "What pwd printed"
export function cwdTest(_ctx: Context, workdir: string): string {
  const result = shellExec("pwd", workdir);
  if (result.exit_code != 0) throw new Error("pwd ended with exit code " + result.exit_code.toString());
  return result.output.trim();
}

// @skill:method tcp_ping "Connect to an address and return what it says first."
// @skill:param  addr required "host:port"
// @skill:result "At most 4096 bytes, as text"
export function tcpPing(_ctx: Context, addr: string): string {
  return String.UTF8.decode(tcpRequest(addr, new Uint8Array(0), false, false, 5000, 4096).buffer);
}

// @skill:method log_test "Write a message to the host's log, once at each level."
// @skill:param  message required "Any text"
// @skill:result "What was written"
export function logTest(_ctx: Context, message: string): string {
  log("debug", message);
  log("info", message);
  log("warn", message);
  log("error", message);
  return "written at debug, info, warn and error: " + message;
}
