import { Encoder } from "./encoder";
import { InvokeRequest, InvokeResponse, errorResponse } from "./invocation";
import { MethodDesc } from "./descriptor";

// 0.1.0, packed as major << 16 | minor << 8 | patch.
const SDK_VERSION: i64 = 0x000100;

let id: string = "";
let name: string = "";
let version: string = "";
let description: string = "";
let methods: MethodDesc[] = [];
let dispatch: ((request: InvokeRequest) => InvokeResponse) | null = null;

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
export function register(handler: (request: InvokeRequest) => InvokeResponse, list: MethodDesc[]): void {
  dispatch = handler;
  methods = list;
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
  if (<u32>len > <u32>input.length) return publish(errorResponse("bad request: longer than its buffer").encode());
  if (handler == null) return publish(errorResponse("the skill registered no methods").encode());
  const request = InvokeRequest.decode(input.subarray(0, len));
  return publish(handler(request).encode());
}

/** Returns pointer << 32 | length of the descriptor. */
export function skill_describe(): u64 {
  const out = new Encoder();
  out.encode_map_header(3 + i32(id.length > 0) + i32(name.length > 0) + i32(version.length > 0) + i32(description.length > 0));
  out.encode_str("version");
  out.encode_i64(1);
  text(out, "skill_id", id);
  text(out, "skill_name", name);
  text(out, "skill_version", version);
  text(out, "description", description);
  out.encode_str("methods");
  out.encode_array_header(methods.length);
  for (let i = 0; i < methods.length; i++) methods[i].encode(out);
  out.encode_str("sdk_version");
  out.encode_i64(SDK_VERSION);
  return publish(out.finish());
}

function text(out: Encoder, key: string, value: string): void {
  if (value.length == 0) return;
  out.encode_str(key);
  out.encode_str(value);
}

function publish(bytes: Uint8Array): u64 {
  result = bytes;
  return <u64>bytes.dataStart << 32 | <u64>bytes.length;
}
