import { Request } from "./abi_internal";
import { HttpHeader, writeHeaders } from "./http";
import { MsgValue } from "./msgpack";

@external("env", "ws_connect") declare function env_ws_connect(ptr: usize, len: i32): u64;
@external("env", "ws_send") declare function env_ws_send(ptr: usize, len: i32): u64;
@external("env", "ws_close") declare function env_ws_close(ptr: usize, len: i32): u64;

export const WS_MESSAGE_TEXT: string = "text";
export const WS_MESSAGE_BINARY: string = "binary";
/** Comes to the callback when the other side closes. */
export const WS_MESSAGE_CLOSE: string = "close";

/** Opens a WebSocket whose messages arrive at the callback method. Returns its id. */
export function wsConnect(
  url: string, headers: HttpHeader[] = [], timeoutMs: i64 = 0, callback: string = "", insecure: bool = false,
): string {
  const request = new Request().text("url", url);
  writeHeaders(request.key("headers"), headers);
  return request
    .int("timeout_ms", timeoutMs).text("callback", callback).flag("insecure", insecure)
    .call("ws_connect", env_ws_connect).getField("conn_id").getStr();
}

/** Sends one message. */
export function wsSend(connId: string, data: Uint8Array, messageType: string = "text"): void {
  new Request().text("conn_id", connId).bytes("data", data).text("message_type", messageType).call("ws_send", env_ws_send);
}

/** Closes a WebSocket; one that is closed already is fine. */
export function wsClose(connId: string, code: i32 = 1000, reason: string = ""): void {
  new Request().text("conn_id", connId).int("code", code).text("reason", reason).call("ws_close", env_ws_close);
}

/** The event that a callback got: conn_id, event (message, close, error), data, message_type, close_code, close_text, error. */
export function unmarshalWsEvent(payload: MsgValue): MsgValue {
  return payload;
}
