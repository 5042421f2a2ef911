import { Decoder } from "./decoder";
import { Encoder } from "./encoder";

/** One call, as the host describes it. Field names are those on the wire. */
export class InvokeRequest {
  request_id: string = "";
  trace_id: string = "";
  session_id: string = "";
  method: string = "";
  skill_id: string = "";
  caller_id: string = "";
  /** The bytes that the skill returned as `state` last time. */
  state: Uint8Array = new Uint8Array(0);
  /** The arguments: one MessagePack map, parameter name to value. May be empty. */
  payload: Uint8Array = new Uint8Array(0);
  /** Unix time in nanoseconds; 0 means none. */
  deadline_ns: i64 = 0;

  static decode(bytes: Uint8Array): InvokeRequest {
    const map = new Decoder(bytes).decode();
    const request = new InvokeRequest();
    request.request_id = map.getField("request_id").getStr();
    request.trace_id = map.getField("trace_id").getStr();
    request.session_id = map.getField("session_id").getStr();
    request.method = map.getField("method").getStr();
    request.skill_id = map.getField("skill_id").getStr();
    request.caller_id = map.getField("caller_id").getStr();
    request.state = map.getField("state").getBin();
    request.payload = map.getField("payload").getBin();
    request.deadline_ns = map.getField("deadline_ns").getInt();
    return request;
  }
}

/** The outcome of one call. A non-empty `error` means that it failed. */
export class InvokeResponse {
  /** Empty means unchanged. */
  state: Uint8Array = new Uint8Array(0);
  /** The MessagePack encoding of the bare result; empty if there is none. */
  payload: Uint8Array = new Uint8Array(0);
  error: string = "";
  /** A second text for the client, beside the result. */
  llm_context: string = "";

  encode(): Uint8Array {
    const out = new Encoder();
    out.encode_map_header(3 + i32(this.error.length > 0) + i32(this.llm_context.length > 0));
    out.encode_str("version");
    out.encode_i64(1);
    out.encode_str("state");
    out.encode_bin(this.state);
    out.encode_str("payload");
    out.encode_bin(this.payload);
    if (this.error.length > 0) {
      out.encode_str("error");
      out.encode_str(this.error);
    }
    if (this.llm_context.length > 0) {
      out.encode_str("llm_context");
      out.encode_str(this.llm_context);
    }
    return out.finish();
  }
}

/** What a method sees of its call: who asks, and the response that is being built. */
export class Context {
  constructor(readonly request: InvokeRequest, readonly response: InvokeResponse) {}
}

/** A response that says only that the call failed, and why. */
export function errorResponse(message: string): InvokeResponse {
  const response = new InvokeResponse();
  response.error = message;
  return response;
}
