// All functions of the host, by family, and what goes with them.
export { abiCall, checkError, emptyReq } from "./abi_internal";
export * from "./archive";
export * from "./cluster";
export * from "./commands";
export * from "./context";
export * from "./fs";
export * from "./http";
export * from "./llm";
export * from "./shell";
export * from "./state";
export * from "./system";
export * from "./tcp";
export * from "./ws";
