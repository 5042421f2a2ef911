import { Request } from "./abi_internal";
import { MsgValue } from "./msgpack";

@external("env", "fs_read") declare function env_fs_read(ptr: usize, len: i32): u64;
@external("env", "fs_write") declare function env_fs_write(ptr: usize, len: i32): u64;
@external("env", "fs_create") declare function env_fs_create(ptr: usize, len: i32): u64;
@external("env", "fs_delete") declare function env_fs_delete(ptr: usize, len: i32): u64;
@external("env", "fs_mkdir") declare function env_fs_mkdir(ptr: usize, len: i32): u64;
@external("env", "fs_ls") declare function env_fs_ls(ptr: usize, len: i32): u64;
@external("env", "fs_chmod") declare function env_fs_chmod(ptr: usize, len: i32): u64;
@external("env", "fs_read_lines") declare function env_fs_read_lines(ptr: usize, len: i32): u64;
@external("env", "fs_grep") declare function env_fs_grep(ptr: usize, len: i32): u64;
@external("env", "fs_glob") declare function env_fs_glob(ptr: usize, len: i32): u64;
@external("env", "fs_allowed_dirs") declare function env_fs_allowed_dirs(ptr: usize, len: i32): u64;
@external("env", "fs_copy") declare function env_fs_copy(ptr: usize, len: i32): u64;

/** One entry of a directory. The last three are filled for a long listing only. */
export class DirEntry {
  name: string = "";
  size: i64 = 0;
  is_dir: bool = false;
  /** Unix time in seconds. */
  mod_time: i64 = 0;
  mode: u32 = 0;
  mode_str: string = "";
}

/** A part of a text file. */
export class TextFileContent {
  lines: string[] = [];
  /** Lines of the whole file. */
  total_lines: i32 = 0;
  /** Index of the first line, from 0. */
  offset: i32 = 0;
  is_truncated: bool = false;
}

/** Where in a line a pattern matched: byte offsets of its UTF-8, the end not included. */
export class GrepRange {
  start: i64 = 0;
  end: i64 = 0;
}

export class GrepLineMatch {
  /** From 1. */
  line_num: i32 = 0;
  /** Empty unless lines were asked for. */
  line: string = "";
  ranges: GrepRange[] = [];
}

export class GrepFileMatch {
  path: string = "";
  matches: GrepLineMatch[] = [];
}

export class GlobEntry {
  path: string = "";
  is_dir: bool = false;
}

/** A directory that the manifest grants. */
export class AllowedDir {
  path: string = "";
  /** ro or rw. */
  mode: string = "";
}

/** Reads a whole file. */
export function fsRead(path: string): Uint8Array {
  return new Request().text("path", path).call("fs_read", env_fs_read).getField("content").getBytes();
}

/** Writes a whole file; makes it and its directories if they are missing. */
export function fsWrite(path: string, content: Uint8Array): void {
  new Request().text("path", path).bytes("content", content).call("fs_write", env_fs_write);
}

/** Writes a new file; fails if there is one already. */
export function fsCreate(path: string, content: Uint8Array): void {
  new Request().text("path", path).bytes("content", content).call("fs_create", env_fs_create);
}

/** Removes a file, or a directory with all it holds. */
export function fsDelete(path: string): void {
  new Request().text("path", path).call("fs_delete", env_fs_delete);
}

/** Makes directories with their parents; `{a,b}` makes several. */
export function fsMkdir(path: string): void {
  new Request().text("path", path).call("fs_mkdir", env_fs_mkdir);
}

/** Lists a directory. */
export function fsLs(path: string, long: bool = false): DirEntry[] {
  const list = new Request().text("path", path).flag("long", long).call("fs_ls", env_fs_ls).getField("entries");
  const entries = new Array<DirEntry>();
  for (let i = 0; i < list.getArrayLen(); i++) {
    const from = list.getIndex(i);
    const entry = new DirEntry();
    entry.name = from.getField("name").getStr();
    entry.size = from.getField("size").getInt();
    entry.is_dir = from.getField("is_dir").getBool();
    entry.mod_time = from.getField("mod_time").getInt();
    entry.mode = <u32>from.getField("mode").getInt();
    entry.mode_str = from.getField("mode_str").getStr();
    entries.push(entry);
  }
  return entries;
}

/** Copies one file. */
export function fsCopy(source: string, dest: string): void {
  new Request().text("source", source).text("dest", dest).call("fs_copy", env_fs_copy);
}

/** Sets permission bits: 0o755 is 493. */
export function fsChmod(path: string, mode: u32, recursive: bool = false): void {
  new Request().text("path", path).int("mode", mode).flag("recursive", recursive).call("fs_chmod", env_fs_chmod);
}

/** Reads lines of a text file from `offset` (from 0); a limit of 0 means all. */
export function fsReadLines(path: string, offset: i32 = 0, limit: i32 = 0): TextFileContent {
  const answer = new Request().text("path", path).int("offset", offset).int("limit", limit).call("fs_read_lines", env_fs_read_lines);
  const content = new TextFileContent();
  const lines = answer.getField("lines");
  for (let i = 0; i < lines.getArrayLen(); i++) content.lines.push(lines.getIndex(i).getStr());
  content.total_lines = <i32>answer.getField("total_lines").getInt();
  content.offset = <i32>answer.getField("offset").getInt();
  content.is_truncated = answer.getField("is_truncated").getBool();
  return content;
}

/** Searches files for a pattern. An empty path means all granted directories; zeros and empty lists mean no limit and no filter. */
export function fsGrep(
  pattern: string, path: string = "", fixed: bool = false, caseInsensitive: bool = false, withLines: bool = false,
  include: string[] = [], exclude: string[] = [], maxCount: i32 = 0, maxDepth: i32 = 0, workers: i32 = 0,
  typeFilter: string = "", ignoreDirs: string[] = [], filenameOnly: bool = false,
): GrepFileMatch[] {
  const list = new Request()
    .text("pattern", pattern).text("path", path).flag("with_lines", withLines)
    .flagIfSet("fixed", fixed).flagIfSet("case_insensitive", caseInsensitive).flagIfSet("filename_only", filenameOnly)
    .textsIfSet("include", include).textsIfSet("exclude", exclude).textsIfSet("ignore_dirs", ignoreDirs)
    .intIfSet("max_count", maxCount).intIfSet("max_depth", maxDepth).intIfSet("workers", workers)
    .textIfSet("type_filter", typeFilter)
    .call("fs_grep", env_fs_grep).getField("matches");
  const files = new Array<GrepFileMatch>();
  for (let i = 0; i < list.getArrayLen(); i++) {
    const from = list.getIndex(i);
    const file = new GrepFileMatch();
    file.path = from.getField("path").getStr();
    const lines = from.getField("matches");
    for (let j = 0; j < lines.getArrayLen(); j++) file.matches.push(lineMatch(lines.getIndex(j)));
    files.push(file);
  }
  return files;
}

/** Finds paths by patterns. An empty path means all granted directories. */
export function fsGlob(
  patterns: string[], path: string = "", onlyFiles: bool = false, onlyDirs: bool = false, matchHidden: bool = false,
  maxDepth: i32 = 0, ignoreDirs: string[] = [],
): GlobEntry[] {
  const list = new Request()
    .texts("patterns", patterns).text("path", path)
    .flagIfSet("only_files", onlyFiles).flagIfSet("only_dirs", onlyDirs).flagIfSet("match_hidden", matchHidden)
    .intIfSet("max_depth", maxDepth).textsIfSet("ignore_dirs", ignoreDirs)
    .call("fs_glob", env_fs_glob).getField("matches");
  const entries = new Array<GlobEntry>();
  for (let i = 0; i < list.getArrayLen(); i++) {
    const entry = new GlobEntry();
    entry.path = list.getIndex(i).getField("path").getStr();
    entry.is_dir = list.getIndex(i).getField("is_dir").getBool();
    entries.push(entry);
  }
  return entries;
}

/** The directories that the manifest grants. */
export function fsAllowedDirs(): AllowedDir[] {
  const list = new Request().call("fs_allowed_dirs", env_fs_allowed_dirs).getField("dirs");
  const dirs = new Array<AllowedDir>();
  for (let i = 0; i < list.getArrayLen(); i++) {
    const dir = new AllowedDir();
    dir.path = list.getIndex(i).getField("path").getStr();
    dir.mode = list.getIndex(i).getField("mode").getStr();
    dirs.push(dir);
  }
  return dirs;
}

function lineMatch(from: MsgValue): GrepLineMatch {
  const line = new GrepLineMatch();
  line.line_num = <i32>from.getField("line_num").getInt();
  line.line = from.getField("line").getStr();
  const ranges = from.getField("ranges");
  for (let i = 0; i < ranges.getArrayLen(); i++) {
    const range = new GrepRange();
    range.start = ranges.getIndex(i).getField("start").getInt();
    range.end = ranges.getIndex(i).getField("end").getInt();
    line.ranges.push(range);
  }
  return line;
}
