import { Request } from "./abi_internal";
import { MsgValue } from "./msgpack";

@external("env", "history_get") declare function env_history_get(ptr: usize, len: i32): u64;
@external("env", "prompt_complete") declare function env_prompt_complete(ptr: usize, len: i32): u64;

/** The conversation so far: an array of maps with role and content. Filters: last:10, role:user. */
export function historyGet(filter: string = ""): MsgValue {
  return new Request().text("filter", filter).call("history_get", env_history_get);
}

/** What the language model of the host answers. */
export function promptComplete(prompt: string): string {
  return new Request().text("prompt", prompt).call("prompt_complete", env_prompt_complete).getField("text").getStr();
}
