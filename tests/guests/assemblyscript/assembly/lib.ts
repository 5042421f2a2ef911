// A guest as the published AssemblyScript library makes them: one input buffer, exceptions that are traps. The methods that are not functions of
// the host have the names and the meaning of those in the guest in C.
import {
  BatchItem, Command, Context, Decoder, Encoder, InvokeRequest, InvokeResponse, MethodDesc, MethodParam, MsgKind, MsgValue, RequirementDesc,
  errorResponse, marshalState, newBatchInvoke, newCallModule, newEmitEvent, newLoadKV, newSchedule, newStoreKV, newSubscribe, register,
  registerRequirements, setSkillIdentity, unmarshalConnEvent, unmarshalState, unmarshalWsEvent,
} from "@luminarys/sdk-as";
import { FUNCTIONS, callFunction } from "./functions";

export { skill_alloc, skill_free, skill_handle, skill_describe } from "@luminarys/sdk-as";

@external("env", "log_write")
declare function env_log_write(ptr: usize, len: i32): u64;

/** What the published library copies requests to, without looking whether they fit. */
const SCRATCH: usize = memory.data(512 * 1024);

let isSpoiled: bool = false;
let isRunning: bool = false;
let events: Uint8Array[] = [];

function route(req: InvokeRequest): InvokeResponse {
  if (isSpoiled) return errorResponse("the instance was used again after it had overwritten its memory");
  if (isRunning) return errorResponse("a call began while another one was running");
  isRunning = true;
  const res = new InvokeResponse();
  const ctx = new Context(req, res);
  const args = req.payload.length > 0 ? new Decoder(req.payload).decode() : new MsgValue();
  if (args.kind != MsgKind.Nil && args.kind != MsgKind.Map) {
    isRunning = false;
    return errorResponse("invalid arguments");
  }
  const out = new Encoder();
  answer(req, res, ctx, args, out);
  res.payload = out.finish();
  if (res.error.length > 0) res.payload = new Uint8Array(0);
  isRunning = false;
  return res;
}

function answer(req: InvokeRequest, res: InvokeResponse, ctx: Context, args: MsgValue, out: Encoder): void {
  const method = req.method;
  if (method == "echo") out.encode_str(args.getField("message").getStr());
  else if (method == "value") writeValue(out, args.getField("value"));
  else if (method == "numbers") {
    const bytes = args.getField("value").getBytes();
    out.encode_array_header(bytes.length);
    for (let i = 0; i < bytes.length; i++) out.encode_i64(bytes[i]);
  } else if (method == "request") writeRequest(out, req, ctx);
  else if (method == "memory") {
    // Only the last number means something here; the others are those of a guest without leaks.
    out.encode_array_header(6);
    out.encode_i64(1);
    for (let i = 0; i < 4; i++) out.encode_i64(0);
    out.encode_i64(memory.size());
  } else if (method == "storm") {
    const count = args.getField("count").getInt();
    for (let i: i64 = 0; i < count; i++) callFunction(args.getField("name").getStr(), args);
    out.encode_array_header(6);
    out.encode_i64(1);
    for (let i = 0; i < 4; i++) out.encode_i64(0);
    out.encode_i64(memory.size());
  } else if (method == "state_get") out.encode_bin(ctx.state);
  else if (method == "state_set") {
    ctx.setState(args.getField("value").getBytes());
    res.error = args.getField("fail").getStr();
  } else if (method == "state_version") {
    // Keeps a counter in a state with a version.
    const before = unmarshalState(ctx.state);
    ctx.setState(marshalState(before.schemaVersion + 1, before.data));
    out.encode_i64(before.schemaVersion);
  } else if (method == "llm_context") {
    ctx.appendLLMContext(args.getField("text").getStr());
    out.encode_str("result");
  } else if (method == "fail") res.error = args.getField("message").getStr();
  else if (method == "panic") throw new Error(args.getField("message").getStr());
  else if (method == "overflow") out.encode_i64(recurse(0));
  else if (method == "loop") while (true) { /* until the host ends it */ }
  else if (method == "commands") {
    sendCommands(ctx, args.getField("commands"));
    res.error = args.getField("fail").getStr();
  } else if (method == "events") {
    out.encode_array_header(events.length);
    for (let i = 0; i < events.length; i++) out.encode_raw(events[i]);
  } else if (method == "on_event" || method == "on_private") {
    unmarshalWsEvent(unmarshalConnEvent(args));
    events.push(req.payload);
  } else if (method == "on_close") {
    // Ends its own connection from within its callback, after it has sent back what came. The fields of the event are those of the requests.
    events.push(req.payload);
    const isWeb = args.getField("conn_id").getStr().startsWith("w");
    callFunction(isWeb ? "ws_send" : "tcp_write", args);
    callFunction(isWeb ? "ws_close" : "tcp_close", args);
  } else if (method == "print") trace(args.getField("message").getStr());
  else if (method == "oversized") out.encode_i64(sendOversized(<i32>args.getField("size").getInt()));
  else {
    const text = callFunction(method, args);
    if (text == null) res.error = "unknown method: " + method;
    else out.encode_str(text);
  }
}

/** Sends a line of so many bytes to the log, the way the published library does: beyond 512 KiB the instance must not be used again. */
function sendOversized(size: i32): i64 {
  const request = new Encoder();
  request.encode_map_header(2);
  request.encode_str("level");
  request.encode_str("debug");
  request.encode_str("message");
  const header = request.finish().length + 5;
  request.encode_str("x".repeat(size - header));
  const bytes = request.finish();
  isSpoiled = bytes.length > 512 * 1024;
  if (!isSpoiled) memory.copy(SCRATCH, bytes.dataStart, bytes.length);
  env_log_write(isSpoiled ? bytes.dataStart : SCRATCH, bytes.length);
  return bytes.length;
}

function writeRequest(out: Encoder, req: InvokeRequest, ctx: Context): void {
  out.encode_map_header(9);
  writeText(out, "request_id", ctx.requestId);
  writeText(out, "trace_id", ctx.traceId);
  writeText(out, "session_id", ctx.sessionId);
  writeText(out, "llm_session_id", ctx.llmSessionId);
  writeText(out, "method", ctx.method);
  writeText(out, "skill_id", ctx.skillId);
  writeText(out, "caller_id", ctx.callerId);
  out.encode_str("version");
  out.encode_i64(req.version);
  out.encode_str("deadline_ns");
  out.encode_i64(req.deadline_ns);
}

function writeText(out: Encoder, key: string, value: string): void {
  out.encode_str(key);
  out.encode_str(value);
}

function writeValue(out: Encoder, value: MsgValue): void {
  if (value.kind == MsgKind.Nil) out.encode_nil();
  else if (value.kind == MsgKind.Bool) out.encode_bool(value.getBool());
  else if (value.kind == MsgKind.Int) out.encode_i64(value.getInt());
  else if (value.kind == MsgKind.Float) out.encode_f64(value.getFloat());
  else if (value.kind == MsgKind.Str) out.encode_str(value.getStr());
  else if (value.kind == MsgKind.Bin) out.encode_bin(value.getBytes());
  else if (value.kind == MsgKind.Array) {
    out.encode_array_header(value.arr.length);
    for (let i = 0; i < value.arr.length; i++) writeValue(out, value.arr[i]);
  } else {
    out.encode_map_header(value.keys.length);
    for (let i = 0; i < value.keys.length; i++) {
      out.encode_str(value.keys[i]);
      writeValue(out, value.vals[i]);
    }
  }
}

/** Builds commands from their maps {type, payload} with the makers of the library. */
function sendCommands(ctx: Context, list: MsgValue): void {
  for (let i = 0; i < list.getArrayLen(); i++) {
    const type = list.getIndex(i).getField("type").getStr();
    const p = list.getIndex(i).getField("payload");
    ctx.addCommand(makeCommand(type, p));
  }
}

function makeCommand(type: string, p: MsgValue): Command {
  const method = p.getField("method").getStr();
  const callback = p.getField("callback").getStr();
  const key = p.getField("key").getStr();
  const topic = p.getField("topic").getStr();
  if (type == "call_module") {
    return newCallModule(p.getField("skill_id").getStr(), method, encoded(p.getField("payload")), callback, p.getField("call_ctx").getStr());
  }
  if (type == "schedule") return newSchedule(method, p.getField("delay_ms").getInt(), encoded(p.getField("payload")));
  if (type == "emit_event") return newEmitEvent(topic, encoded(p.getField("payload")));
  if (type == "subscribe") return newSubscribe(topic, callback);
  if (type == "store_kv") return newStoreKV(key, encoded(p.getField("value")));
  if (type == "load_kv") return newLoadKV(key, callback);
  if (type == "batch_invoke") {
    const items = new Array<BatchItem>();
    const given = p.getField("items");
    for (let i = 0; i < given.getArrayLen(); i++) {
      const item = new BatchItem();
      item.index = <i32>given.getIndex(i).getField("index").getInt();
      item.skill_id = given.getIndex(i).getField("skill_id").getStr();
      item.method = given.getIndex(i).getField("method").getStr();
      item.payload = given.getIndex(i).getField("payload").getBytes();
      items.push(item);
    }
    return newBatchInvoke(items, callback, <i32>p.getField("concurrency").getInt());
  }
  return new Command(type, encoded(p));
}

/** Bytes as they are, everything else encoded. */
function encoded(value: MsgValue): Uint8Array {
  if (value.kind == MsgKind.Bin) return value.getBytes();
  const out = new Encoder();
  writeValue(out, value);
  return out.finish();
}

function recurse(depth: i64): i64 {
  return depth < 0 ? 0 : recurse(depth + 1) + depth;
}

function method(name: string, parameter: string = "", type: string = ""): MethodDesc {
  const result = new MethodDesc(name, "For the conformance tests.");
  if (parameter.length > 0) result.params = [new MethodParam(parameter, type, "", true)];
  return result;
}

function describe(): MethodDesc[] {
  const hidden = method("on_event");
  hidden.mcp_hidden = true;
  const own = method("on_private");
  own.mcp_hidden = true;
  own.private_callback = true;
  const list = [
    method("echo", "message", "string"), method("value", "value", "object"), method("numbers", "value", "string"), method("request"),
    method("memory"), method("storm", "count", "integer"), method("state_get"), method("state_set", "value", "string"), method("state_version"),
    method("llm_context", "text", "string"), method("fail", "message", "string"), method("panic", "message", "string"), method("overflow"),
    method("loop"), method("commands", "commands", "array"), method("events"), hidden, own, method("print", "message", "string"), method("on_close"),
    method("oversized", "size", "integer"), method("headers_from_json", "json", "string"),
  ];
  for (let i = 0; i < FUNCTIONS.length; i++) list.push(method(FUNCTIONS[i]));
  return list;
}

setSkillIdentity("test.conformance.as", "Conformance", "1.0.0", "");
registerRequirements([new RequirementDesc("env", "K")]);
register(route, describe());
