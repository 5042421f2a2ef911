import { Decoder } from "./decoder";
import { Encoder } from "./encoder";
import { MsgValue } from "./value";

// Requests to the host lie in a place of their own: the host puts its answer into the input buffer.
const SCRATCH_SIZE: i32 = 512 * 1024;
const SCRATCH: usize = memory.data(SCRATCH_SIZE);

/** Where the request of a host function starts. */
export function requestStart(): usize {
  return SCRATCH;
}

/** Places a request and returns its length. One that does not fit aborts: it would overwrite the skill's own memory. */
export function placeRequest(request: Encoder): i32 {
  const bytes = request.finish();
  if (bytes.length > SCRATCH_SIZE) throw new Error("a request to the host may have 524288 bytes at most");
  memory.copy(SCRATCH, bytes.dataStart, bytes.length);
  return bytes.length;
}

/** Decodes the answer of a host function. An answer without bytes is nil; an error aborts with its text. */
export function takeAnswer(name: string, packed: u64): MsgValue {
  const length = <i32>packed;
  if (length == 0) return new MsgValue();
  const copy = new Uint8Array(length);
  memory.copy(copy.dataStart, <usize>(packed >> 32), length);
  const answer = new Decoder(copy).decode();
  const error = answer.getField("error").getStr();
  if (error.length > 0) throw new Error("abi error: " + name + ": " + error);
  return answer;
}
