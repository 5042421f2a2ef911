import { Decoder, Encoder, MsgValue } from "./msgpack";

// Requests to the host lie in a place of their own: the host puts its answer into the input buffer.
const SCRATCH_SIZE: i32 = 512 * 1024;
const SCRATCH: usize = memory.data(SCRATCH_SIZE);

/** A function that the host provides. */
export type HostFunction = (ptr: usize, len: i32) => u64;

/** A request without fields. */
export function emptyReq(): Uint8Array {
  return new Request().finish();
}

/** Calls the host and decodes its answer. A request beyond 512 KiB aborts: it would overwrite the skill's own memory. */
export function abiCall(host: HostFunction, request: Uint8Array): MsgValue {
  if (request.length > SCRATCH_SIZE) throw new Error("a request to the host may have 524288 bytes at most");
  memory.copy(SCRATCH, request.dataStart, request.length);
  const packed = host(SCRATCH, request.length);
  const length = <i32>packed;
  if (length == 0) return new MsgValue();
  const copy = new Uint8Array(length);
  memory.copy(copy.dataStart, <usize>(packed >> 32), length);
  return new Decoder(copy).decode();
}

/** Aborts with the text of an answer's error, if it has one. */
export function checkError(answer: MsgValue, name: string): void {
  const error = answer.getField("error").getStr();
  if (error.length > 0) throw new Error("abi error: " + name + ": " + error);
}

/** The fields of a request, in the order in which they are added. */
export class Request {
  private count: i32 = 0;
  private fields: Encoder = new Encoder();

  text(key: string, value: string): Request {
    this.key(key).encode_str(value);
    return this;
  }

  textIfSet(key: string, value: string): Request {
    return value.length > 0 ? this.text(key, value) : this;
  }

  int(key: string, value: i64): Request {
    this.key(key).encode_i64(value);
    return this;
  }

  intIfSet(key: string, value: i64): Request {
    return value > 0 ? this.int(key, value) : this;
  }

  flag(key: string, value: bool): Request {
    this.key(key).encode_bool(value);
    return this;
  }

  flagIfSet(key: string, value: bool): Request {
    return value ? this.flag(key, true) : this;
  }

  bytes(key: string, value: Uint8Array): Request {
    this.key(key).encode_bin(value);
    return this;
  }

  texts(key: string, values: string[]): Request {
    const out = this.key(key);
    out.encode_array_header(values.length);
    for (let i = 0; i < values.length; i++) out.encode_str(values[i]);
    return this;
  }

  textsIfSet(key: string, values: string[]): Request {
    return values.length > 0 ? this.texts(key, values) : this;
  }

  /** Begins a field whose value the caller writes. */
  key(name: string): Encoder {
    this.count++;
    this.fields.encode_str(name);
    return this.fields;
  }

  finish(): Uint8Array {
    const whole = new Encoder();
    whole.encode_map_header(this.count);
    whole.encode_raw(this.fields.finish());
    return whole.finish();
  }

  /** Sends the request. An error in the answer aborts. */
  call(name: string, host: HostFunction): MsgValue {
    const answer = abiCall(host, this.finish());
    checkError(answer, name);
    return answer;
  }
}
