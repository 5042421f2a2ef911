// Everything a skill and its lib.ts may use.
export { MsgValue, MsgKind } from "./assembly/value";
export { Decoder } from "./assembly/decoder";
export { Encoder } from "./assembly/encoder";
export { Context, InvokeRequest, InvokeResponse, errorResponse } from "./assembly/invocation";
export { MethodDesc, MethodParam } from "./assembly/descriptor";
export { register, setSkillIdentity, skill_alloc, skill_free, skill_handle, skill_describe } from "./assembly/skill";
export { SysInfoResult, TimeNowResult, sysInfo, timeNow, getEnv, log } from "./assembly/system";
