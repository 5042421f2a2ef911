import { Encoder } from "./encoder";

/** One parameter. `type` is string, integer, number, boolean, object or array. */
export class MethodParam {
  constructor(
    readonly name: string,
    readonly type: string,
    readonly description: string = "",
    readonly required: bool = false,
  ) {}

  encode(out: Encoder): void {
    out.encode_map_header(2 + i32(this.description.length > 0) + i32(this.required));
    out.encode_str("name");
    out.encode_str(this.name);
    out.encode_str("type");
    out.encode_str(this.type);
    if (this.description.length > 0) {
      out.encode_str("description");
      out.encode_str(this.description);
    }
    if (this.required) {
      out.encode_str("required");
      out.encode_bool(true);
    }
  }
}

/** One method of a skill. */
export class MethodDesc {
  constructor(
    readonly name: string,
    readonly description: string,
    readonly params: MethodParam[] = [],
  ) {}

  encode(out: Encoder): void {
    out.encode_map_header(2 + i32(this.params.length > 0));
    out.encode_str("name");
    out.encode_str(this.name);
    out.encode_str("description");
    out.encode_str(this.description);
    if (this.params.length > 0) {
      out.encode_str("params");
      out.encode_array_header(this.params.length);
      for (let i = 0; i < this.params.length; i++) this.params[i].encode(out);
    }
  }
}
