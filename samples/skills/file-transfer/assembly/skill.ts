/**
 * Copies files between the nodes of a cluster. A path may name its node: master:///data/a.txt is /data/a.txt on the node "master"; a plain
 * path is on the node that runs the skill.
 *
 * @skill:id      ai.luminarys.as.file-transfer
 * @skill:name    "File transfer"
 * @skill:version 1.0.0
 * @skill:desc    "Copies files between the nodes of a cluster, lists directories, and names the nodes."
 * @skill:sdk     "@luminarys/sdk-as"
 */

import { Context, clusterNodeList, fileTransferRecv, fileTransferSend, fsCopy, fsLs } from "@luminarys/sdk-as";

// @skill:method copy "Copy one file: on this node, from it to another, or from another to it."
// @skill:param  source required "The file: /path on this node, or node:///path" example:/data/report.csv
// @skill:param  dest required "Where to: /path on this node, or node:///path. One that ends in / gets the name of the file" example:slave-1:///data/in/
// @skill:result "What was copied"
export function copy(_ctx: Context, source: string, dest: string): string {
  const from = new Place(source);
  const to = new Place(dest);
  if (to.path.endsWith("/")) to.path += from.path.substring(from.path.lastIndexOf("/") + 1);
  if (from.node.length > 0 || to.node.length > 0) {
    // Only a path with a node needs the cluster.
    const here = clusterNodeList().current_node;
    from.leaveOut(here);
    to.leaveOut(here);
    if (from.node.length > 0 && to.node.length > 0) {
      throw new Error("one of the two paths must be on this node, " + here + "; copy to it first");
    }
  }

  if (to.node.length > 0) fileTransferSend(to.node, from.path, to.path);
  else if (from.node.length > 0) fileTransferRecv(from.node, from.path, to.path);
  else fsCopy(from.path, to.path);
  return "copied " + from.text() + " to " + to.text();
}

// @skill:method list "List a directory of this node."
// @skill:param  path required "/path, or node:///path with the name of this node" example:/data
// @skill:result "One entry on each line: its size in bytes, a tab, its name; directories end in /"
export function list(_ctx: Context, path: string): string {
  const place = new Place(path);
  if (place.node.length > 0) {
    const here = clusterNodeList().current_node;
    place.leaveOut(here);
    if (place.node.length > 0) throw new Error("only directories of this node, " + here + ", can be listed");
  }

  const entries = fsLs(place.path);
  const lines = new Array<string>();
  for (let i = 0; i < entries.length; i++) {
    lines.push(entries[i].size.toString() + "\t" + entries[i].name + (entries[i].is_dir ? "/" : ""));
  }
  return lines.length > 0 ? lines.join("\n") : "(empty)";
}

// @skill:method nodes "Name the nodes of the cluster that are online, and their skills."
// @skill:result "One node on each line: its name, its role, whether it is this one, its skills"
export function nodes(_ctx: Context): string {
  const view = clusterNodeList();
  const lines = new Array<string>();
  for (let i = 0; i < view.nodes.length; i++) {
    const node = view.nodes[i];
    const here = node.node_id == view.current_node ? ", this node" : "";
    lines.push(node.node_id + " (" + node.role + here + "): " + (node.skills.length > 0 ? node.skills.join(", ") : "no skills"));
  }
  return lines.join("\n");
}

/** A path, and the node that it is on; an empty node is the one that runs the skill. */
class Place {
  node: string = "";
  path: string = "";

  constructor(text: string) {
    const mark = text.indexOf("://");
    if (mark >= 0) {
      this.node = text.substring(0, mark);
      this.path = text.substring(mark + 3);
      if (this.node.length == 0) throw new Error("no node before :// in " + text);
    } else {
      this.path = text;
    }
    if (!this.path.startsWith("/")) {
      throw new Error("not an absolute path: " + text + (mark >= 0 ? " (three slashes follow the node: " + this.node + ":///data/file)" : ""));
    }
  }

  /** A node that is named, but is this one, needs no transfer. */
  leaveOut(here: string): void {
    if (this.node == here) this.node = "";
  }

  text(): string {
    return this.node.length > 0 ? this.node + "://" + this.path : this.path;
  }
}
