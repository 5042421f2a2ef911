import { Request } from "./abi_internal";

export const CMD_CALL_MODULE: string = "call_module";
export const CMD_BATCH_INVOKE: string = "batch_invoke";
export const CMD_SCHEDULE: string = "schedule";
export const CMD_EMIT_EVENT: string = "emit_event";
export const CMD_SUBSCRIBE: string = "subscribe";
export const CMD_STORE_KV: string = "store_kv";
export const CMD_LOAD_KV: string = "load_kv";
export const CMD_SPAWN: string = "spawn";
export const CMD_TERMINATE: string = "terminate";

const NOTHING: Uint8Array = new Uint8Array(0);

/** Something the host does after the call. The payload is an encoded map. */
export class Command {
  constructor(public type: string = "", public payload: Uint8Array = new Uint8Array(0)) {}
}

/** One call of a batch. The payload is an encoded map of arguments. */
export class BatchItem {
  index: i32 = 0;
  skill_id: string = "";
  method: string = "";
  payload: Uint8Array = new Uint8Array(0);
}

/** How one call of a batch ended. */
export class BatchItemResult {
  index: i32 = 0;
  payload: Uint8Array = new Uint8Array(0);
  error: string = "";
}

/** What the callback of a batch gets. */
export class BatchResult {
  batch_id: string = "";
  items: BatchItemResult[] = [];
}

/** Publishes an event. The payload is an encoded value. */
export function newEmitEvent(topic: string, payload: Uint8Array = NOTHING): Command {
  return new Command(CMD_EMIT_EVENT, new Request().text("topic", topic).bytes("payload", payload).finish());
}

/** Receives events of a topic with a method of this skill. */
export function newSubscribe(topic: string, callback: string): Command {
  return new Command(CMD_SUBSCRIBE, new Request().text("topic", topic).text("callback", callback).finish());
}

/** Calls another skill. Without a callback the outcome is dropped. */
export function newCallModule(
  skillId: string, method: string, payload: Uint8Array = NOTHING, callback: string = "", callCtx: string = "",
): Command {
  return new Command(CMD_CALL_MODULE, new Request()
    .text("skill_id", skillId).text("method", method).bytes("payload", payload).text("callback", callback).text("call_ctx", callCtx)
    .finish());
}

/** Calls many skills, then one callback. A concurrency of 0 leaves it to the host. */
export function newBatchInvoke(items: BatchItem[], callback: string, concurrency: i32 = 0): Command {
  const request = new Request();
  const out = request.key("items");
  out.encode_array_header(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    out.encode_raw(new Request()
      .int("index", item.index).text("skill_id", item.skill_id).text("method", item.method).bytes("payload", item.payload).finish());
  }
  return new Command(CMD_BATCH_INVOKE, request.text("callback", callback).int("concurrency", concurrency).finish());
}

/** Calls a method of this skill later. */
export function newSchedule(method: string, delayMs: i64, payload: Uint8Array = NOTHING): Command {
  return new Command(CMD_SCHEDULE, new Request().text("method", method).int("delay_ms", delayMs).bytes("payload", payload).finish());
}

/** Puts an encoded value into the store that outlives the skill. */
export function newStoreKV(key: string, value: Uint8Array): Command {
  return new Command(CMD_STORE_KV, new Request().text("key", key).bytes("value", value).finish());
}

/** Brings a stored value to a method of this skill. */
export function newLoadKV(key: string, callback: string): Command {
  return new Command(CMD_LOAD_KV, new Request().text("key", key).text("callback", callback).finish());
}
