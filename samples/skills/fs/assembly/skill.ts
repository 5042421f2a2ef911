/**
 * Files for a model: read, write, edit, search and move what lies in the directories that the manifest grants. Every path is absolute.
 * The host judges each path anew; nothing here grants anything.
 *
 * @skill:id      ai.luminarys.as.fs
 * @skill:name    "Files"
 * @skill:version 1.0.0
 * @skill:desc    "Reads, writes, edits and searches files in the directories that the manifest grants."
 * @skill:sdk     "@luminarys/sdk-as"
 */

import {
  Context, DirEntry, Encoder, GrepFileMatch, abiCall,
  fsAllowedDirs, fsChmod, fsCopy, fsCreate, fsDelete, fsGlob, fsGrep, fsLs, fsMkdir, fsRead, fsReadLines, fsWrite,
} from "@luminarys/sdk-as";

// The library ends the call when the host answers with an error. Where the skill goes on after one, it asks the host itself.
@external("env", "fs_ls") declare function host_fs_ls(ptr: usize, len: i32): u64;
@external("env", "fs_read_lines") declare function host_fs_read_lines(ptr: usize, len: i32): u64;
@external("env", "fs_copy") declare function host_fs_copy(ptr: usize, len: i32): u64;

// ---- reading

// @skill:method read "Read a whole text file. A file that is not text is refused."
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:result "The text as it is in the file"
export function read(_ctx: Context, path: string): string {
  return textOf(path);
}

// @skill:method read_lines "Read some lines of a text file, numbered. Say which by offset and limit, or by start_line and end_line."
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:param  offset optional "How many lines to skip" default:0
// @skill:param  limit optional "How many lines to read; 0 reads all that remain" default:0
// @skill:param  start_line optional "First line, counted from 1" default:0
// @skill:param  end_line optional "Last line, itself included; 0 reads to the end" default:0
// @skill:result "One line each: its number, a tab, its text. A last line says how many lines were left out"
export function readLines(_ctx: Context, path: string, offset: i32, limit: i32, startLine: i32, endLine: i32): string {
  if (startLine > 0 || endLine > 0) {
    if (offset > 0 || limit > 0) throw new Error("give offset and limit, or start_line and end_line, but not both");
    const first = startLine > 0 ? startLine : 1;
    if (endLine > 0 && endLine < first) throw new Error("end_line is before start_line");
    offset = first - 1;
    limit = endLine > 0 ? endLine - offset : 0;
  }

  const part = fsReadLines(path, offset, limit);
  const lines = new Array<string>();
  for (let i = 0; i < part.lines.length; i++) lines.push((part.offset + i + 1).toString() + "\t" + part.lines[i]);
  const shown = part.offset + part.lines.length;
  if (part.lines.length == 0) return "no such lines: the file has " + counted(part.total_lines, "line");
  if (part.total_lines > shown) lines.push("(" + counted(part.total_lines - shown, "more line") + ")");
  return lines.join("\n");
}

// @skill:method count_lines "Count the lines of a text file."
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:result "The number of lines"
export function countLines(_ctx: Context, path: string): i64 {
  return fsReadLines(path, 0, 1).total_lines;
}

// @skill:method stat "Describe a file or directory."
// @skill:param  path required "Absolute path" example:/data/notes.txt
// @skill:result "Path, type, size, mode and time of the last change"
export function stat(_ctx: Context, path: string): string {
  const entry = entryOf(path);
  if (entry == null) {
    // Its parent may be out of reach, as it is for a granted directory. What can be listed is a directory; what cannot ends the call.
    return "path: " + path + "\ntype: directory\nentries: " + fsLs(path).length.toString();
  }
  return "path: " + path + "\ntype: " + (entry.is_dir ? "directory" : "file") + "\nsize: " + entry.size.toString()
    + "\nmode: " + entry.mode_str + "\nmodified: " + timeText(entry.mod_time);
}

// ---- writing

// @skill:method write "Write a whole file. Replaces what is there; makes the file and its directories when they are missing."
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:param  content required "The new text; may be empty"
// @skill:result "Whether the file was created or replaced, and its size"
export function write(_ctx: Context, path: string, content: string): string {
  const isNew = !isThere(path);
  fsWrite(path, bytesOf(content));
  return (isNew ? "created " : "replaced ") + path + " (" + counted(String.UTF8.byteLength(content), "byte") + ")";
}

// @skill:method create "Write a new file. Fails when there is one already."
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:param  content required "The text; may be empty"
// @skill:result "That it was created, and its size"
export function create(_ctx: Context, path: string, content: string): string {
  fsCreate(path, bytesOf(content));
  return "created " + path + " (" + counted(String.UTF8.byteLength(content), "byte") + ")";
}

// @skill:method append_line "Add a line at the end of a text file. Makes the file when it is missing."
// @skill:param  path required "Absolute path of the file" example:/data/log.txt
// @skill:param  line required "The line, without its end"
// @skill:result "What was done"
export function appendLine(_ctx: Context, path: string, line: string): string {
  if (isThere(path)) {
    const text = textOf(path);
    fsWrite(path, bytesOf((text.length > 0 && !text.endsWith("\n") ? text + "\n" : text) + line + "\n"));
  } else {
    // Not by writing: were there a file after all, its text would be lost.
    fsCreate(path, bytesOf(line + "\n"));
  }
  return "appended a line to " + path;
}

// @skill:method edit "Replace a text that occurs once in a file, or everywhere with replace_all. An empty old text creates the file."
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:param  old_string required "The text to replace, with every blank and line end as in the file; empty to create the file"
// @skill:param  new_string optional "The text to put in its place; without it the old text is deleted"
// @skill:param  replace_all optional "Replace every occurrence" default:false
// @skill:result "How many occurrences were replaced, or that the file was created"
export function edit(_ctx: Context, path: string, oldString: string, newString: string, replaceAll: bool): string {
  if (oldString.length == 0) {
    fsCreate(path, bytesOf(newString));
    return "created " + path + " (" + counted(String.UTF8.byteLength(newString), "byte") + ")";
  }

  const parts = textOf(path).split(oldString);
  const found = parts.length - 1;
  if (found == 0) throw new Error("old_string does not occur in " + path);
  if (found > 1 && !replaceAll) {
    throw new Error("old_string occurs " + found.toString() + " times in " + path + ": give more of the text around it, or set replace_all");
  }
  fsWrite(path, bytesOf(parts.join(newString)));
  return "replaced " + counted(found, "occurrence") + " in " + path;
}

// @skill:method delete "Delete a file, or a directory with everything in it."
// @skill:param  path required "Absolute path" example:/data/old
// @skill:result "What was deleted"
export function remove(_ctx: Context, path: string): string {
  fsDelete(path);
  return "deleted " + path;
}

// @skill:method mkdir "Make a directory, and the directories above it. Braces make several: /data/{logs,cache}. One that exists is fine."
// @skill:param  path required "Absolute path" example:/data/{logs,cache}
// @skill:result "What was made"
export function mkdir(_ctx: Context, path: string): string {
  fsMkdir(path);
  return "made " + path;
}

// @skill:method copy "Copy a file. Say from where and to where by source and dest, or by src and dst."
// @skill:param  source optional "Absolute path of the file" example:/data/a.txt
// @skill:param  dest optional "Absolute path of the copy; a file that is there is replaced" example:/data/b.txt
// @skill:param  src optional "The same as source"
// @skill:param  dst optional "The same as dest"
// @skill:result "What was copied"
export function copy(_ctx: Context, source: string, dest: string, src: string, dst: string): string {
  const from = oneOf("source", source, "src", src);
  const to = oneOf("dest", dest, "dst", dst);
  fsCopy(from, to);
  return "copied " + from + " to " + to;
}

// @skill:method move "Move or rename a file. Nothing is replaced: there must be nothing at the new path."
// @skill:param  src required "Absolute path of the file" example:/data/a.txt
// @skill:param  dst required "Absolute path that it gets" example:/data/b.txt
// @skill:result "What was moved"
export function move(_ctx: Context, src: string, dst: string): string {
  // Taking the new name first refuses one that is another name of the same file, which deleting the old one would lose.
  fsCreate(dst, new Uint8Array(0));
  const request = new Encoder();
  request.encode_map_header(2);
  request.encode_str("source");
  request.encode_str(src);
  request.encode_str("dest");
  request.encode_str(dst);
  const error = abiCall(host_fs_copy, request.finish()).getField("error").getStr();
  if (error.length > 0) {
    fsDelete(dst);
    throw new Error(error);
  }
  fsDelete(src);
  return "moved " + src + " to " + dst;
}

// @skill:method chmod "Set the permission bits of a file or directory."
// @skill:param  path required "Absolute path" example:/data/run.sh
// @skill:param  mode required "The octal digits, such as 755, or the bits as a number, such as 493" example:755
// @skill:param  recursive optional "Do the same to everything in the directory" default:false
// @skill:result "The bits that were set, in octal"
export function chmod(_ctx: Context, path: string, mode: i32, recursive: bool): string {
  const bits = modeBits(mode);
  fsChmod(path, bits, recursive);
  return "set " + path + " to " + bits.toString(8).padStart(3, "0");
}

// ---- listing

// @skill:method ls "List a directory."
// @skill:param  path required "Absolute path of the directory" example:/data
// @skill:result "One name on each line; directories end in /"
export function ls(_ctx: Context, path: string): string {
  return listing(path, false);
}

// @skill:method list "List a directory, on demand with mode, size and time."
// @skill:param  path required "Absolute path of the directory" example:/data
// @skill:param  detailed optional "Show mode, size and time of the last change as well" default:false
// @skill:result "One entry on each line; directories end in /"
export function list(_ctx: Context, path: string, detailed: bool): string {
  return listing(path, detailed);
}

// @skill:method tree "Show a directory and what is below it as an indented tree."
// @skill:param  path required "Absolute path of the directory" example:/data
// @skill:param  max_depth optional "How deep to go; 0 goes to the end" default:3
// @skill:result "The path, then one entry on each line, indented by two blanks for each level; directories end in /"
export function tree(_ctx: Context, path: string, maxDepth: i32): string {
  const entries = fsGlob(["**"], path, false, false, false, maxDepth);
  const lines = [path];
  for (let i = 0; i < entries.length; i++) {
    const parts = entries[i].path.split("/");
    lines.push("  ".repeat(parts.length) + parts[parts.length - 1] + (entries[i].is_dir ? "/" : ""));
  }
  return lines.join("\n");
}

// @skill:method allowed_dirs "Name the directories that this skill may use."
// @skill:result "One directory on each line, with ro or rw"
export function allowedDirs(_ctx: Context): string {
  const dirs = fsAllowedDirs();
  const lines = new Array<string>();
  for (let i = 0; i < dirs.length; i++) lines.push(dirs[i].path + " (" + dirs[i].mode + ")");
  return lines.join("\n");
}

// ---- searching

// @skill:method glob "Find paths in a directory by a pattern: * within a name, ** through directories, ?, [abc], {a,b}."
// @skill:param  path required "Absolute path of the directory" example:/data
// @skill:param  pattern required "The pattern, from that directory on" example:**/*.go
// @skill:result "One path on each line, from that directory on; directories end in /"
export function glob(_ctx: Context, path: string, pattern: string): string {
  return found(path, [pattern], false);
}

// @skill:method find "Find files by one or several patterns."
// @skill:param  patterns required "Patterns with commas between them; a comma in braces belongs to its pattern" example:**/*.go,**/*.{md,txt}
// @skill:param  path optional "Absolute path of the directory; without it all allowed directories"
// @skill:param  only_files optional "Leave directories out" default:true
// @skill:result "One path on each line; directories end in /"
export function find(_ctx: Context, patterns: string, path: string, onlyFiles: bool): string {
  return found(path, splitPatterns(patterns), onlyFiles);
}

// @skill:method grep "Search text files for a regular expression (RE2)."
// @skill:param  path required "Absolute path of a file or directory; empty for all allowed directories" example:/data/src
// @skill:param  pattern required "The regular expression" example:func New
// @skill:result "Path, number and text of each line that matches"
export function grep(_ctx: Context, path: string, pattern: string): string {
  return matchText(fsGrep(pattern, path, false, false, true));
}

// @skill:method search "Search all text files for a regular expression (RE2), or for a text as it is."
// @skill:param  pattern required "The regular expression, or the text when fixed is set" example:TODO
// @skill:param  path optional "Absolute path of a file or directory; without it all allowed directories"
// @skill:param  fixed optional "Take the pattern as a plain text" default:false
// @skill:param  case_insensitive optional "Do not tell upper from lower case" default:false
// @skill:result "Path, number and text of each line that matches"
export function search(_ctx: Context, pattern: string, path: string, fixed: bool, caseInsensitive: bool): string {
  return matchText(fsGrep(pattern, path, fixed, caseInsensitive, true, [], [], 0, 0, 0, "text"));
}

// @skill:method search_code "Search source code only: no configuration, data or documents."
// @skill:param  pattern required "The regular expression, or the text when fixed is set" example:func New
// @skill:param  path optional "Absolute path of a directory; without it all allowed directories"
// @skill:param  fixed optional "Take the pattern as a plain text" default:false
// @skill:param  case_insensitive optional "Do not tell upper from lower case" default:false
// @skill:result "Path, number and text of each line that matches"
export function searchCode(_ctx: Context, pattern: string, path: string, fixed: bool, caseInsensitive: bool): string {
  return matchText(fsGrep(pattern, path, fixed, caseInsensitive, true, [], [], 0, 0, 0, "code"));
}

// @skill:method search_files "Name the text files that have a match of a regular expression (RE2) in them."
// @skill:param  pattern required "The regular expression" example:TODO
// @skill:param  path optional "Absolute path of a directory; without it all allowed directories"
// @skill:param  case_insensitive optional "Do not tell upper from lower case" default:false
// @skill:result "One path on each line"
export function searchFiles(_ctx: Context, pattern: string, path: string, caseInsensitive: bool): string {
  const files = fsGrep(pattern, path, false, caseInsensitive, false, [], [], 0, 0, 0, "text", [], true);
  const lines = new Array<string>();
  for (let i = 0; i < files.length; i++) lines.push(files[i].path);
  return lines.length > 0 ? lines.join("\n") : "no matches";
}

// @skill:method search_in_file "Search one file for a regular expression (RE2), or for a text as it is."
// @skill:param  pattern required "The regular expression, or the text when fixed is set" example:TODO
// @skill:param  path required "Absolute path of the file" example:/data/notes.txt
// @skill:param  fixed optional "Take the pattern as a plain text" default:false
// @skill:param  case_insensitive optional "Do not tell upper from lower case" default:false
// @skill:result "Number and text of each line that matches"
export function searchInFile(_ctx: Context, pattern: string, path: string, fixed: bool, caseInsensitive: bool): string {
  const files = fsGrep(pattern, path, fixed, caseInsensitive, true);
  const lines = new Array<string>();
  for (let i = 0; i < files.length; i++) {
    for (let j = 0; j < files[i].matches.length; j++) lines.push(files[i].matches[j].line_num.toString() + ": " + files[i].matches[j].line);
  }
  return lines.length > 0 ? lines.join("\n") : "no matches";
}

// ---- what the methods share

function bytesOf(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

/** The exact text of a file. Asking for its lines first makes the host refuse what is not text. */
function textOf(path: string): string {
  fsReadLines(path, 0, 1);
  return String.UTF8.decode(fsRead(path).buffer);
}

/** What the parent directory says of a path; null when it is missing or the parent cannot be listed. */
function entryOf(path: string): DirEntry | null {
  let end = path.length;
  while (end > 1 && path.charAt(end - 1) == "/") end--;
  const slash = path.lastIndexOf("/", end - 1);
  const request = new Encoder();
  request.encode_map_header(2);
  request.encode_str("path");
  request.encode_str(slash > 0 ? path.substring(0, slash) : "/");
  request.encode_str("long");
  request.encode_bool(true);
  const entries = abiCall(host_fs_ls, request.finish()).getField("entries");
  const name = path.substring(slash + 1, end);
  for (let i = 0; i < entries.getArrayLen(); i++) {
    const from = entries.getIndex(i);
    if (from.getField("name").getStr() != name) continue;
    const entry = new DirEntry();
    entry.name = name;
    entry.size = from.getField("size").getInt();
    entry.is_dir = from.getField("is_dir").getBool();
    entry.mod_time = from.getField("mod_time").getInt();
    entry.mode_str = from.getField("mode_str").getStr();
    return entry;
  }
  return null;
}

/** Whether there is something at a path. A file may be granted without its directory: then only the file itself can tell. */
function isThere(path: string): bool {
  if (entryOf(path) != null) return true;
  const request = new Encoder();
  request.encode_map_header(3);
  request.encode_str("path");
  request.encode_str(path);
  request.encode_str("offset");
  request.encode_i64(0);
  request.encode_str("limit");
  request.encode_i64(1);
  return abiCall(host_fs_read_lines, request.finish()).getField("error").getStr().length == 0;
}

function oneOf(name: string, value: string, otherName: string, other: string): string {
  if (value.length > 0 && other.length > 0 && value != other) throw new Error(name + " and " + otherName + " mean the same: give one of them");
  const chosen = value.length > 0 ? value : other;
  if (chosen.length == 0) throw new Error("missing required parameter: " + name);
  return chosen;
}

/**
 * 755 may be octal digits or bits. Digits count as octal, unless one of them is 8 or 9 or they would give the group or others a right that the
 * owner does not have: nobody asks for that, and the bits of the usual modes (420 is 0644, 493 is 0755) are told apart by it.
 */
function modeBits(mode: i32): i32 {
  if (mode < 0) throw new Error("invalid mode: " + mode.toString());
  let octal = 0;
  let rest = mode;
  let place = 1;
  while (rest > 0) {
    const digit = rest % 10;
    if (digit > 7) return bitsOnly(mode);
    octal += digit * place;
    place *= 8;
    rest /= 10;
  }
  const owner = (octal >> 6) & 7;
  if (((octal >> 3) & 7 & ~owner) != 0 || (octal & 7 & ~owner) != 0) return bitsOnly(mode);
  return bitsOnly(octal);
}

function bitsOnly(bits: i32): i32 {
  if (bits > 0o7777) throw new Error("invalid mode: " + bits.toString());
  return bits;
}

function listing(path: string, detailed: bool): string {
  const entries = fsLs(path, detailed);
  const lines = new Array<string>();
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    const name = entry.name + (entry.is_dir ? "/" : "");
    lines.push(detailed ? entry.mode_str + " " + entry.size.toString().padStart(10) + " " + timeText(entry.mod_time) + " " + name : name);
  }
  return lines.length > 0 ? lines.join("\n") : "(empty)";
}

function found(path: string, patterns: string[], onlyFiles: bool): string {
  const entries = fsGlob(patterns, path, onlyFiles);
  const lines = new Array<string>();
  for (let i = 0; i < entries.length; i++) lines.push(entries[i].path + (entries[i].is_dir ? "/" : ""));
  return lines.length > 0 ? lines.join("\n") : "no matches";
}

function splitPatterns(text: string): string[] {
  const patterns = new Array<string>();
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charAt(i) : ",";
    if (unit == "{") depth++;
    else if (unit == "}") depth--;
    else if (i == text.length || (unit == "," && depth <= 0)) {
      const pattern = text.substring(start, i).trim();
      if (pattern.length > 0) patterns.push(pattern);
      start = i + 1;
    }
  }
  return patterns;
}

function matchText(files: GrepFileMatch[]): string {
  const lines = new Array<string>();
  for (let i = 0; i < files.length; i++) {
    for (let j = 0; j < files[i].matches.length; j++) {
      const match = files[i].matches[j];
      lines.push(files[i].path + ":" + match.line_num.toString() + ": " + match.line);
    }
  }
  return lines.length > 0 ? lines.join("\n") : "no matches";
}

function timeText(seconds: i64): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}

function counted(number: i32, noun: string): string {
  return number.toString() + " " + noun + (number == 1 ? "" : "s");
}
