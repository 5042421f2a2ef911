// Everything a skill and its lib.ts may use.
export * from "./abi";
export * from "./entrypoint";
export * from "./msgpack";
