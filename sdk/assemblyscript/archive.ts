import { Request } from "./abi_internal";

@external("env", "archive_pack") declare function env_archive_pack(ptr: usize, len: i32): u64;
@external("env", "archive_unpack") declare function env_archive_unpack(ptr: usize, len: i32): u64;
@external("env", "archive_list") declare function env_archive_list(ptr: usize, len: i32): u64;

export class ArchivePackResult {
  files_count: i32 = 0;
  format: string = "";
}

export class ArchiveEntry {
  name: string = "";
  size: i64 = 0;
  is_dir: bool = false;
}

/** Packs a directory as tar.gz or zip. `exclude` holds patterns with commas between them. */
export function archivePack(source: string, output: string, format: string = "tar.gz", exclude: string = ""): ArchivePackResult {
  const answer = new Request()
    .text("source", source).text("output", output).text("format", format).text("exclude", exclude)
    .call("archive_pack", env_archive_pack);
  const result = new ArchivePackResult();
  result.files_count = <i32>answer.getField("files_count").getInt();
  result.format = answer.getField("format").getStr();
  return result;
}

/** Unpacks an archive and returns the number of files. `strip` drops leading parts of each name. */
export function archiveUnpack(archive: string, dest: string, format: string = "", exclude: string = "", strip: i32 = 0): i32 {
  return <i32>new Request()
    .text("archive", archive).text("dest", dest).text("format", format).text("exclude", exclude).int("strip", strip)
    .call("archive_unpack", env_archive_unpack).getField("files_count").getInt();
}

/** Lists an archive. */
export function archiveList(archive: string, format: string = "", exclude: string = ""): ArchiveEntry[] {
  const list = new Request()
    .text("archive", archive).text("format", format).text("exclude", exclude)
    .call("archive_list", env_archive_list).getField("entries");
  const entries = new Array<ArchiveEntry>();
  for (let i = 0; i < list.getArrayLen(); i++) {
    const entry = new ArchiveEntry();
    entry.name = list.getIndex(i).getField("name").getStr();
    entry.size = list.getIndex(i).getField("size").getInt();
    entry.is_dir = list.getIndex(i).getField("is_dir").getBool();
    entries.push(entry);
  }
  return entries;
}
