import { Request } from "./abi_internal";
import { Decoder } from "./msgpack";

/** A state with the version of its layout. */
export class StateEnvelope {
  schemaVersion: i32 = 0;
  data: Uint8Array = new Uint8Array(0);
}

/** Wraps a state for {@link Context.setState}, so that a later version of the skill can tell how old it is. */
export function marshalState(schemaVersion: i32, data: Uint8Array): Uint8Array {
  return new Request().int("schema_version", schemaVersion).bytes("data", data).finish();
}

/** Unwraps a state; version 0 without one. */
export function unmarshalState(raw: Uint8Array): StateEnvelope {
  const envelope = new StateEnvelope();
  if (raw.length > 0) {
    const map = new Decoder(raw).decode();
    envelope.schemaVersion = <i32>map.getField("schema_version").getInt();
    envelope.data = map.getField("data").getBytes();
  }
  return envelope;
}
