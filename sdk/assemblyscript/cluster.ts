import { Request } from "./abi_internal";

@external("env", "cluster_node_list") declare function env_cluster_node_list(ptr: usize, len: i32): u64;
@external("env", "file_transfer_send") declare function env_file_transfer_send(ptr: usize, len: i32): u64;
@external("env", "file_transfer_recv") declare function env_file_transfer_recv(ptr: usize, len: i32): u64;

export class ClusterNodeInfo {
  node_id: string = "";
  /** master or slave. */
  role: string = "";
  skills: string[] = [];
}

export class ClusterNodeListResult {
  current_node: string = "";
  nodes: ClusterNodeInfo[] = [];
}

/** The nodes that are online. */
export function clusterNodeList(): ClusterNodeListResult {
  const answer = new Request().call("cluster_node_list", env_cluster_node_list);
  const result = new ClusterNodeListResult();
  result.current_node = answer.getField("current_node").getStr();
  const nodes = answer.getField("nodes");
  for (let i = 0; i < nodes.getArrayLen(); i++) {
    const from = nodes.getIndex(i);
    const node = new ClusterNodeInfo();
    node.node_id = from.getField("node_id").getStr();
    node.role = from.getField("role").getStr();
    const skills = from.getField("skills");
    for (let j = 0; j < skills.getArrayLen(); j++) node.skills.push(skills.getIndex(j).getStr());
    result.nodes.push(node);
  }
  return result;
}

/** Sends a file to another node; returns when it is stored there. */
export function fileTransferSend(targetNode: string, localPath: string, remotePath: string): void {
  new Request().text("target_node", targetNode).text("local_path", localPath).text("remote_path", remotePath)
    .call("file_transfer_send", env_file_transfer_send);
}

/** Fetches a file from another node. */
export function fileTransferRecv(sourceNode: string, remotePath: string, localPath: string): void {
  new Request().text("source_node", sourceNode).text("remote_path", remotePath).text("local_path", localPath)
    .call("file_transfer_recv", env_file_transfer_recv);
}
