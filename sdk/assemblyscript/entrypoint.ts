import { Command } from "./commands";
import { Request } from "./abi_internal";
import { Decoder, Encoder } from "./msgpack";

// 0.2.0, packed as major << 16 | minor << 8 | patch.
const SDK_VERSION: i64 = 0x000200;

/** One call, as the host describes it. Field names are those on the wire. */
export class InvokeRequest {
  version: i32 = 0;
  request_id: string = "";
  trace_id: string = "";
  session_id: string = "";
  llm_session_id: string = "";
  method: string = "";
  skill_id: string = "";
  caller_id: string = "";
  /** The bytes that the skill returned as `state` last time. */
  state: Uint8Array = new Uint8Array(0);
  /** The arguments: one MessagePack map, parameter name to value. May be empty. */
  payload: Uint8Array = new Uint8Array(0);
  /** Unix time in nanoseconds; 0 means none. */
  deadline_ns: i64 = 0;
}

/** The outcome of one call. A non-empty `error` means that it failed. */
export class InvokeResponse {
  version: i32 = 1;
  /** Empty means unchanged. */
  state: Uint8Array = new Uint8Array(0);
  /** The MessagePack encoding of the bare result; empty if there is none. */
  payload: Uint8Array = new Uint8Array(0);
  error: string = "";
  /** A second text for the client, beside the result. */
  llm_context: string = "";
  /** What the host does after the call. */
  commands: Command[] = [];
}

/** One parameter. `type` is string, integer, number, boolean, object or array. */
export class MethodParam {
  constructor(public name: string = "", public type: string = "", public description: string = "", public required: bool = false) {}
}

/** One method of a skill. */
export class MethodDesc {
  /** Whether clients may not see and call it. */
  mcp_hidden: bool = false;
  /** Whether only the host may call it, to deliver something to the skill. Such a method is hidden too. */
  private_callback: bool = false;

  constructor(public name: string = "", public description: string = "", public params: MethodParam[] = []) {}
}

/** Something the skill needs: kind fs, http, tcp, ws, shell, llm, env or invoke; mode ro or rw, for fs only. */
export class RequirementDesc {
  constructor(public kind: string = "", public pattern: string = "", public mode: string = "") {}
}

/** Answers calls. */
export type SkillHandler = (request: InvokeRequest) => InvokeResponse;

let id: string = "";
let name: string = "";
let version: string = "";
let description: string = "";
let methods: MethodDesc[] = [];
let requirements: RequirementDesc[] = [];
let dispatch: SkillHandler | null = null;

// The host writes here: the request of a call, and later the results of host functions. That is safe because both are
// copied out before anything else can ask for the buffer.
let input: Uint8Array = new Uint8Array(0);
let result: Uint8Array | null = null;

/** Says who the skill is. Call it once, at the top level of lib.ts. */
export function setSkillIdentity(skillId: string, skillName: string, skillVersion: string, skillDescription: string): void {
  id = skillId;
  name = skillName;
  version = skillVersion;
  description = skillDescription;
}

/** Names the function that answers calls, and the methods it knows. Call it once, at the top level of lib.ts. */
export function register(handler: SkillHandler, list: MethodDesc[]): void {
  dispatch = handler;
  methods = list;
}

/** Names what the skill needs. A host whose manifest does not grant it refuses to load the skill. */
export function registerRequirements(list: RequirementDesc[]): void {
  requirements = list;
}

/** A response that says only that the call failed, and why. */
export function errorResponse(message: string): InvokeResponse {
  const response = new InvokeResponse();
  response.error = message;
  return response;
}

/** Room for at least `size` bytes. There is one buffer: the next call may return it again, or replace it. */
export function skill_alloc(size: i32): usize {
  if (<u32>size > <u32>input.length || input.length == 0) input = new Uint8Array(max(size, 1));
  return input.dataStart;
}

/** Given the last result, drops it and the input buffer; anything else has no effect. */
export function skill_free(ptr: usize): void {
  const current = result;
  if (current != null && current.dataStart == ptr) {
    result = null;
    input = new Uint8Array(0);
  }
}

/** Runs the request that the input buffer holds. Returns pointer << 32 | length of the response. */
export function skill_handle(_ptr: usize, len: i32): u64 {
  const handler = dispatch;
  if (<u32>len > <u32>input.length) return publish(encodeResponse(errorResponse("bad request: longer than its buffer")));
  if (handler == null) return publish(encodeResponse(errorResponse("the skill registered no methods")));
  return publish(encodeResponse(handler(decodeRequest(input.subarray(0, len)))));
}

/** Returns pointer << 32 | length of the descriptor. */
export function skill_describe(): u64 {
  const map = new Request()
    .int("version", 1)
    .textIfSet("skill_id", id).textIfSet("skill_name", name).textIfSet("skill_version", version).textIfSet("description", description);
  const out = map.key("methods");
  out.encode_array_header(methods.length);
  for (let i = 0; i < methods.length; i++) writeMethod(out, methods[i]);
  if (requirements.length > 0) {
    const list = map.key("requirements");
    list.encode_array_header(requirements.length);
    for (let i = 0; i < requirements.length; i++) {
      const need = requirements[i];
      list.encode_raw(new Request().text("kind", need.kind).text("pattern", need.pattern).textIfSet("mode", need.mode).finish());
    }
  }
  return publish(map.int("sdk_version", SDK_VERSION).finish());
}

function writeMethod(out: Encoder, method: MethodDesc): void {
  const map = new Request().text("name", method.name).text("description", method.description);
  if (method.params.length > 0) {
    const list = map.key("params");
    list.encode_array_header(method.params.length);
    for (let i = 0; i < method.params.length; i++) {
      const parameter = method.params[i];
      list.encode_raw(new Request()
        .text("name", parameter.name).text("type", parameter.type)
        .textIfSet("description", parameter.description).flagIfSet("required", parameter.required).finish());
    }
  }
  out.encode_raw(map.flagIfSet("mcp_hidden", method.mcp_hidden).flagIfSet("private_callback", method.private_callback).finish());
}

function decodeRequest(bytes: Uint8Array): InvokeRequest {
  const map = new Decoder(bytes).decode();
  const request = new InvokeRequest();
  request.version = <i32>map.getField("version").getInt();
  request.request_id = map.getField("request_id").getStr();
  request.trace_id = map.getField("trace_id").getStr();
  request.session_id = map.getField("session_id").getStr();
  request.llm_session_id = map.getField("llm_session_id").getStr();
  request.method = map.getField("method").getStr();
  request.skill_id = map.getField("skill_id").getStr();
  request.caller_id = map.getField("caller_id").getStr();
  request.state = map.getField("state").getBytes();
  request.payload = map.getField("payload").getBytes();
  request.deadline_ns = map.getField("deadline_ns").getInt();
  return request;
}

function encodeResponse(response: InvokeResponse): Uint8Array {
  const map = new Request()
    .int("version", response.version).bytes("state", response.state).bytes("payload", response.payload)
    .textIfSet("error", response.error).textIfSet("llm_context", response.llm_context);
  if (response.commands.length > 0) {
    const out = map.key("commands");
    out.encode_array_header(response.commands.length);
    for (let i = 0; i < response.commands.length; i++) {
      const command = response.commands[i];
      out.encode_raw(new Request().text("type", command.type).bytes("payload", command.payload).finish());
    }
  }
  return map.finish();
}

function publish(bytes: Uint8Array): u64 {
  result = bytes;
  return <u64>bytes.dataStart << 32 | <u64>bytes.length;
}
