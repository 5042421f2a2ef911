// Written by hand in the shape of generated code: the ABI exports, one dispatch function, the registration.
import {
  Context, Decoder, Encoder, InvokeRequest, InvokeResponse, MethodDesc, MethodParam, MsgKind, MsgValue,
  errorResponse, register, setSkillIdentity,
} from "@luminarys/sdk-as";
import * as skill from "./skill";

export { skill_alloc, skill_free, skill_handle, skill_describe } from "@luminarys/sdk-as";

function missing(name: string): InvokeResponse {
  return errorResponse("missing required parameter: " + name);
}

function invalid(name: string, expected: string): InvokeResponse {
  return errorResponse("invalid parameter " + name + ": expected " + expected);
}

/** Text as it is; bytes as UTF-8; numbers and booleans as text; null for everything else. */
function asText(value: MsgValue): string | null {
  if (value.kind == MsgKind.Str) return value.s;
  if (value.kind == MsgKind.Bin) return String.UTF8.decode(value.bin.buffer);
  if (value.kind == MsgKind.Bool) return value.b ? "true" : "false";
  if (value.kind == MsgKind.Int) return value.i.toString();
  if (value.kind == MsgKind.Float) return value.f.toString();
  return null;
}

function route(req: InvokeRequest): InvokeResponse {
  const res = new InvokeResponse();
  const ctx = new Context(req, res);
  const args = req.payload.length > 0 ? new Decoder(req.payload).decode() : new MsgValue();
  if (args.kind != MsgKind.Nil && args.kind != MsgKind.Map) return errorResponse("invalid arguments: expected a map");
  const out = new Encoder();

  if (req.method == "echo") {
    const p0 = args.getField("message");
    if (p0.kind == MsgKind.Nil) return missing("message");
    const a0 = asText(p0);
    if (a0 == null) return invalid("message", "string");
    out.encode_str(skill.echo(ctx, a0));
  } else if (req.method == "ping") {
    out.encode_str(skill.ping(ctx));
  } else if (req.method == "reverse") {
    const p0 = args.getField("message");
    if (p0.kind == MsgKind.Nil) return missing("message");
    const a0 = asText(p0);
    if (a0 == null) return invalid("message", "string");
    out.encode_str(skill.reverse(ctx, a0));
  } else if (req.method == "word_count") {
    const p0 = args.getField("text");
    if (p0.kind == MsgKind.Nil) return missing("text");
    const a0 = asText(p0);
    if (a0 == null) return invalid("text", "string");
    out.encode_i64(<i64>skill.wordCount(ctx, a0));
  } else if (req.method == "sys_info") {
    out.encode_str(skill.machine(ctx));
  } else if (req.method == "time_now") {
    out.encode_str(skill.clock(ctx));
  } else if (req.method == "env_get") {
    const p0 = args.getField("key");
    if (p0.kind == MsgKind.Nil) return missing("key");
    const a0 = asText(p0);
    if (a0 == null) return invalid("key", "string");
    out.encode_str(skill.setting(ctx, a0));
  } else if (req.method == "disk_usage") {
    out.encode_str(skill.disk(ctx));
  } else if (req.method == "cwd_test") {
    const p0 = args.getField("workdir");
    if (p0.kind == MsgKind.Nil) return missing("workdir");
    const a0 = asText(p0);
    if (a0 == null) return invalid("workdir", "string");
    out.encode_str(skill.cwdTest(ctx, a0));
  } else if (req.method == "tcp_ping") {
    const p0 = args.getField("addr");
    if (p0.kind == MsgKind.Nil) return missing("addr");
    const a0 = asText(p0);
    if (a0 == null) return invalid("addr", "string");
    out.encode_str(skill.tcpPing(ctx, a0));
  } else if (req.method == "log_test") {
    const p0 = args.getField("message");
    if (p0.kind == MsgKind.Nil) return missing("message");
    const a0 = asText(p0);
    if (a0 == null) return invalid("message", "string");
    out.encode_str(skill.logTest(ctx, a0));
  } else {
    return errorResponse("unknown method: " + req.method);
  }

  res.payload = out.finish();
  return res;
}

setSkillIdentity(
  "ai.luminarys.as.echo", "Echo", "1.0.0",
  "Returns, reverses and counts text, and asks the host about itself.",
);

register(route, [
  new MethodDesc("echo", "Return the message as it came.", [
    new MethodParam("message", "string", "Any text", true),
  ]),
  new MethodDesc("ping", "Answer pong: the skill is alive."),
  new MethodDesc("reverse", "Return the message backwards, by UTF-16 units.", [
    new MethodParam("message", "string", "Any text", true),
  ]),
  new MethodDesc("word_count", "Count the words of a text.", [
    new MethodParam("text", "string", "Any text", true),
  ]),
  new MethodDesc("sys_info", "Name the machine that the skill runs on."),
  new MethodDesc("time_now", "Read the host's clock."),
  new MethodDesc("env_get", "Read a value from the env map of the manifest.", [
    new MethodParam("key", "string", "Name of the value", true),
  ]),
  new MethodDesc("disk_usage", "Say how full the file system of the skill's first directory is."),
  new MethodDesc("cwd_test", "Run pwd in a directory.", [
    new MethodParam("workdir", "string", "Absolute path of the directory", true),
  ]),
  new MethodDesc("tcp_ping", "Connect to an address and return what it says first.", [
    new MethodParam("addr", "string", "host:port", true),
  ]),
  new MethodDesc("log_test", "Write a message to the host's log, once at each level.", [
    new MethodParam("message", "string", "Any text", true),
  ]),
]);
