import { Encoder } from "./encoder";
import { MsgValue } from "./value";
import { placeRequest, requestStart, takeAnswer } from "./host";

@external("env", "sys_info")
declare function env_sys_info(ptr: usize, len: i32): u64;

@external("env", "time_now")
declare function env_time_now(ptr: usize, len: i32): u64;

@external("env", "env_get")
declare function env_env_get(ptr: usize, len: i32): u64;

@external("env", "log_write")
declare function env_log_write(ptr: usize, len: i32): u64;

/** The machine that the skill runs on. */
export class SysInfoResult {
  /** linux, windows or darwin. */
  os: string = "";
  /** amd64, arm64 and so on. */
  arch: string = "";
  hostname: string = "";
  num_cpu: i32 = 0;
}

/** The host's clock. */
export class TimeNowResult {
  /** Unix time in seconds. */
  unix: i64 = 0;
  /** Unix time in nanoseconds. */
  unix_nano: i64 = 0;
  /** With the host's local offset. */
  rfc3339: string = "";
  /** An IANA name such as Europe/Berlin. */
  timezone: string = "";
  /** Seconds east of UTC. */
  utc_offset: i32 = 0;
}

export function sysInfo(): SysInfoResult {
  const answer = takeAnswer("sys_info", env_sys_info(requestStart(), placeRequest(noFields())));
  const result = new SysInfoResult();
  result.os = answer.getField("os").getStr();
  result.arch = answer.getField("arch").getStr();
  result.hostname = answer.getField("hostname").getStr();
  result.num_cpu = <i32>answer.getField("num_cpu").getInt();
  return result;
}

export function timeNow(): TimeNowResult {
  const answer = takeAnswer("time_now", env_time_now(requestStart(), placeRequest(noFields())));
  const result = new TimeNowResult();
  result.unix = answer.getField("unix").getInt();
  result.unix_nano = answer.getField("unix_nano").getInt();
  result.rfc3339 = answer.getField("rfc3339").getStr();
  result.timezone = answer.getField("timezone").getStr();
  result.utc_offset = <i32>answer.getField("utc_offset").getInt();
  return result;
}

/** A value from the `env` map of the skill's manifest; "" for a key that is not in it. */
export function getEnv(key: string): string {
  const request = new Encoder();
  request.encode_map_header(1);
  request.encode_str("key");
  request.encode_str(key);
  return takeAnswer("env_get", env_env_get(requestStart(), placeRequest(request))).getField("value").getStr();
}

/** Writes a line to the host's log. Levels: debug, info, warn, error. */
export function log(level: string, message: string): void {
  const request = new Encoder();
  request.encode_map_header(2);
  request.encode_str("level");
  request.encode_str(level);
  request.encode_str("message");
  request.encode_str(message);
  takeAnswer("log_write", env_log_write(requestStart(), placeRequest(request)));
}

function noFields(): Encoder {
  const request = new Encoder();
  request.encode_map_header(0);
  return request;
}
