import { Request, abiCall } from "./abi_internal";

@external("env", "sys_info") declare function env_sys_info(ptr: usize, len: i32): u64;
@external("env", "time_now") declare function env_time_now(ptr: usize, len: i32): u64;
@external("env", "disk_usage") declare function env_disk_usage(ptr: usize, len: i32): u64;
@external("env", "env_get") declare function env_env_get(ptr: usize, len: i32): u64;
@external("env", "log_write") declare function env_log_write(ptr: usize, len: i32): u64;

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

/** A file system. */
export class DiskUsageResult {
  total_bytes: i64 = 0;
  free_bytes: i64 = 0;
  used_bytes: i64 = 0;
  /** 0 to 100. */
  used_pct: f64 = 0;
}

/** A named value of a line in the log. */
export class LogField {
  constructor(public name: string = "", public value: string = "") {}
}

export function sysInfo(): SysInfoResult {
  const answer = new Request().call("sys_info", env_sys_info);
  const result = new SysInfoResult();
  result.os = answer.getField("os").getStr();
  result.arch = answer.getField("arch").getStr();
  result.hostname = answer.getField("hostname").getStr();
  result.num_cpu = <i32>answer.getField("num_cpu").getInt();
  return result;
}

export function timeNow(): TimeNowResult {
  const answer = new Request().call("time_now", env_time_now);
  const result = new TimeNowResult();
  result.unix = answer.getField("unix").getInt();
  result.unix_nano = answer.getField("unix_nano").getInt();
  result.rfc3339 = answer.getField("rfc3339").getStr();
  result.timezone = answer.getField("timezone").getStr();
  result.utc_offset = <i32>answer.getField("utc_offset").getInt();
  return result;
}

/** The file system of a path; an empty one means the skill's first directory. */
export function diskUsage(path: string = ""): DiskUsageResult {
  const answer = new Request().text("path", path).call("disk_usage", env_disk_usage);
  const result = new DiskUsageResult();
  result.total_bytes = answer.getField("total_bytes").getInt();
  result.free_bytes = answer.getField("free_bytes").getInt();
  result.used_bytes = answer.getField("used_bytes").getInt();
  result.used_pct = answer.getField("used_pct").getFloat();
  return result;
}

/** A value from the `env` map of the skill's manifest; "" for a key that is not in it. */
export function getEnv(key: string): string {
  return new Request().text("key", key).call("env_get", env_env_get).getField("value").getStr();
}

/** Writes a line to the host's log. Levels: debug, info, warn, error. */
export function log(level: string, message: string, fields: LogField[] = []): void {
  const request = new Request().text("level", level).text("message", message);
  if (fields.length > 0) {
    const map = new Request();
    for (let i = 0; i < fields.length; i++) map.text(fields[i].name, fields[i].value);
    request.key("fields").encode_raw(map.finish());
  }
  abiCall(env_log_write, request.finish());
}

export function logDebug(msg: string, fields: LogField[] = []): void { log("debug", msg, fields); }
export function logInfo(msg: string, fields: LogField[] = []): void { log("info", msg, fields); }
export function logWarn(msg: string, fields: LogField[] = []): void { log("warn", msg, fields); }
export function logError(msg: string, fields: LogField[] = []): void { log("error", msg, fields); }
