import { Request } from "./abi_internal";
import { MsgValue } from "./msgpack";

@external("env", "tcp_request") declare function env_tcp_request(ptr: usize, len: i32): u64;
@external("env", "tcp_connect") declare function env_tcp_connect(ptr: usize, len: i32): u64;
@external("env", "tcp_set_callback") declare function env_tcp_set_callback(ptr: usize, len: i32): u64;
@external("env", "tcp_write") declare function env_tcp_write(ptr: usize, len: i32): u64;
@external("env", "tcp_close") declare function env_tcp_close(ptr: usize, len: i32): u64;

// Why a connection ended; empty for data.
export const ERROR_KIND_NONE: string = "";
export const ERROR_KIND_EOF: string = "eof";
export const ERROR_KIND_RESET: string = "reset";
export const ERROR_KIND_TIMEOUT: string = "timeout";
export const ERROR_KIND_TLS: string = "tls";
export const ERROR_KIND_IO: string = "io";

/** Connects, sends, reads and closes. Empty data only reads the greeting. Zeros mean 30 s and 1 MiB. */
export function tcpRequest(
  addr: string, data: Uint8Array, tls: bool = false, insecure: bool = false, timeoutMs: i64 = 0, maxBytes: i64 = 0,
): Uint8Array {
  return new Request()
    .text("addr", addr).bytes("data", data).flag("tls", tls).int("timeout_ms", timeoutMs)
    .flagIfSet("insecure", insecure).intIfSet("max_bytes", maxBytes)
    .call("tcp_request", env_tcp_request).getField("data").getBytes();
}

/** Opens a connection whose data arrives at the callback method; without one it is dropped. Returns its id. */
export function tcpConnect(
  addr: string, callback: string = "", tls: bool = false, insecure: bool = false, timeoutMs: i64 = 0, serverName: string = "",
): string {
  return new Request()
    .text("addr", addr).text("callback", callback).int("timeout_ms", timeoutMs)
    .flagIfSet("tls", tls).flagIfSet("insecure", insecure).textIfSet("server_name", serverName)
    .call("tcp_connect", env_tcp_connect).getField("conn_id").getStr();
}

/** Sends further data to another method. */
export function tcpSetCallback(connId: string, callback: string): void {
  new Request().text("conn_id", connId).text("callback", callback).call("tcp_set_callback", env_tcp_set_callback);
}

/** Writes all of the data. */
export function tcpWrite(connId: string, data: Uint8Array): void {
  new Request().text("conn_id", connId).bytes("data", data).call("tcp_write", env_tcp_write);
}

/** Closes a connection; one that is closed already is fine. */
export function tcpClose(connId: string): void {
  new Request().text("conn_id", connId).call("tcp_close", env_tcp_close);
}

/** The event that a callback got: conn_id, event (data, close, error), data, error, error_kind, error_msg. */
export function unmarshalConnEvent(payload: MsgValue): MsgValue {
  return payload;
}
