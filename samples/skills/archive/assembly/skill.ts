/**
 * Packs, unpacks and lists archives in the directories that the manifest grants.
 *
 * @skill:id      ai.luminarys.as.archive
 * @skill:name    "Archives"
 * @skill:version 1.0.0
 * @skill:desc    "Packs, unpacks and lists tar.gz and zip archives in the directories that the manifest grants."
 * @skill:sdk     "@luminarys/sdk-as"
 */

import { Context, archiveList, archivePack, archiveUnpack } from "@luminarys/sdk-as";

// @skill:method pack "Pack a directory, or one file, into an archive."
// @skill:param  source required "Absolute path of the directory" example:/data/project
// @skill:param  output required "Absolute path of the archive; one that is there is replaced" example:/data/project.tar.gz
// @skill:param  format optional "tar.gz or zip. Without it: zip for a name that ends in .zip, else tar.gz" example:zip
// @skill:param  exclude optional "What to leave out, patterns with commas between them. A plain name is left out at any depth" example:.git,node_modules,*.log
// @skill:result "How many files were packed, where to, and in which format"
export function pack(_ctx: Context, source: string, output: string, format: string, exclude: string): string {
  const result = archivePack(source, output, format, exclude);
  return "packed " + files(result.files_count) + " into " + output + " (" + result.format + ")";
}

// @skill:method unpack "Unpack an archive into a directory. Files that are there are replaced."
// @skill:param  archive required "Absolute path of the archive" example:/data/project.tar.gz
// @skill:param  dest required "Absolute path of the directory; it is made when it is missing" example:/data/project
// @skill:param  format optional "tar.gz or zip. Without it the archive itself tells"
// @skill:param  exclude optional "What to leave out, patterns with commas between them" example:*.log
// @skill:param  strip optional "How many leading directories to drop from each name" default:0
// @skill:result "How many files were unpacked, and where to"
export function unpack(_ctx: Context, archive: string, dest: string, format: string, exclude: string, strip: i32): string {
  return "unpacked " + files(archiveUnpack(archive, dest, format, exclude, strip)) + " into " + dest;
}

// @skill:method list "Show what is in an archive."
// @skill:param  archive required "Absolute path of the archive" example:/data/project.tar.gz
// @skill:param  format optional "tar.gz or zip. Without it the archive itself tells"
// @skill:param  exclude optional "What to leave out, patterns with commas between them" example:*.log
// @skill:result "One entry on each line: its size in bytes, a tab, its name; directories end in /"
export function list(_ctx: Context, archive: string, format: string, exclude: string): string {
  const entries = archiveList(archive, format, exclude);
  const lines = new Array<string>();
  for (let i = 0; i < entries.length; i++) lines.push(entries[i].size.toString() + "\t" + entries[i].name);
  return lines.length > 0 ? lines.join("\n") : "(empty)";
}

function files(count: i32): string {
  return count.toString() + (count == 1 ? " file" : " files");
}
