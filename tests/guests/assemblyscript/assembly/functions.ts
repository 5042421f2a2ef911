// All functions of the host by name: arguments in, the answer as JSON out.
import {
  HttpCookie, HttpHeader, HttpResponse, LogField, MsgValue,
  archiveList, archivePack, archiveUnpack, clusterNodeList, diskUsage, fileTransferRecv, fileTransferSend, fsAllowedDirs, fsChmod, fsCopy,
  fsCreate, fsDelete, fsGlob, fsGrep, fsLs, fsMkdir, fsRead, fsReadLines, fsWrite, getEnv, headersFromJSON, historyGet, httpGet, httpPost,
  httpRequest, log, promptComplete, shellExec, sysInfo, tcpClose, tcpConnect, tcpRequest, tcpSetCallback, tcpWrite, timeNow, wsClose,
  wsConnect, wsSend,
} from "@luminarys/sdk-as";
import { Json, quote } from "./json";

export const FUNCTIONS: string[] = [
  "fs_read", "fs_write", "fs_create", "fs_delete", "fs_mkdir", "fs_ls", "fs_chmod", "fs_read_lines", "fs_grep", "fs_glob",
  "fs_allowed_dirs", "fs_copy", "disk_usage", "archive_pack", "archive_unpack", "archive_list", "http_get", "http_post", "http_request",
  "tcp_request", "tcp_connect", "tcp_set_callback", "tcp_write", "tcp_close", "ws_connect", "ws_send", "ws_close", "shell_exec", "sys_info",
  "time_now", "env_get", "log_write", "cluster_node_list", "file_transfer_send", "file_transfer_recv", "history_get", "prompt_complete",
];

/** Calls a function; null for an unknown name. */
export function callFunction(name: string, args: MsgValue): string | null {
  const family = name.substring(0, name.indexOf("_"));
  if (family == "fs") return files(name, args);
  if (family == "http") return http(name, args);
  if (family == "tcp" || family == "ws") return connections(name, args);
  if (family == "archive") return archives(name, args);
  return others(name, args);
}

function files(name: string, a: MsgValue): string | null {
  const path = text(a, "path");
  const json = new Json().open("{");
  if (name == "fs_read") json.bytes("content", fsRead(path));
  else if (name == "fs_write") fsWrite(path, bytes(a, "content"));
  else if (name == "fs_create") fsCreate(path, bytes(a, "content"));
  else if (name == "fs_delete") fsDelete(path);
  else if (name == "fs_mkdir") fsMkdir(path);
  else if (name == "fs_copy") fsCopy(text(a, "source"), text(a, "dest"));
  else if (name == "fs_chmod") fsChmod(path, <u32>int(a, "mode"), flag(a, "recursive"));
  else if (name == "fs_ls") {
    const entries = fsLs(path, flag(a, "long"));
    json.key("entries").open("[");
    for (let i = 0; i < entries.length; i++) {
      const e = entries[i];
      json.next().open("{").text("name", e.name).int("size", e.size).flag("is_dir", e.is_dir).int("mod_time", e.mod_time)
        .int("mode", e.mode).text("mode_str", e.mode_str).close("}");
    }
    json.close("]");
  } else if (name == "fs_read_lines") {
    const content = fsReadLines(path, <i32>int(a, "offset"), <i32>int(a, "limit"));
    list(json.key("lines"), content.lines);
    json.int("total_lines", content.total_lines).int("offset", content.offset).flag("is_truncated", content.is_truncated);
  } else if (name == "fs_grep") {
    const found = fsGrep(
      text(a, "pattern"), path, flag(a, "fixed"), flag(a, "case_insensitive"), flag(a, "with_lines"), texts(a, "include"), texts(a, "exclude"),
      <i32>int(a, "max_count"), <i32>int(a, "max_depth"), <i32>int(a, "workers"), text(a, "type_filter"), texts(a, "ignore_dirs"),
      flag(a, "filename_only"));
    json.key("matches").open("[");
    for (let i = 0; i < found.length; i++) {
      json.next().open("{").text("path", found[i].path).key("matches").open("[");
      for (let j = 0; j < found[i].matches.length; j++) {
        const line = found[i].matches[j];
        json.next().open("{").int("line_num", line.line_num).text("line", line.line).key("ranges").open("[");
        for (let k = 0; k < line.ranges.length; k++) {
          json.next().open("{").int("start", line.ranges[k].start).int("end", line.ranges[k].end).close("}");
        }
        json.close("]").close("}");
      }
      json.close("]").close("}");
    }
    json.close("]");
  } else if (name == "fs_glob") {
    const found = fsGlob(
      texts(a, "patterns"), path, flag(a, "only_files"), flag(a, "only_dirs"), flag(a, "match_hidden"), <i32>int(a, "max_depth"),
      texts(a, "ignore_dirs"));
    json.key("matches").open("[");
    for (let i = 0; i < found.length; i++) json.next().open("{").text("path", found[i].path).flag("is_dir", found[i].is_dir).close("}");
    json.close("]");
  } else if (name == "fs_allowed_dirs") {
    const dirs = fsAllowedDirs();
    json.key("dirs").open("[");
    for (let i = 0; i < dirs.length; i++) json.next().open("{").text("path", dirs[i].path).text("mode", dirs[i].mode).close("}");
    json.close("]");
  } else return null;
  return json.close("}").finish();
}

function http(name: string, a: MsgValue): string | null {
  const url = text(a, "url");
  const timeout = int(a, "timeout_ms");
  const most = int(a, "max_bytes");
  if (name == "http_get") return response(httpGet(url, timeout, most));
  if (name == "http_post") return response(httpPost(url, bytes(a, "body"), text(a, "content_type"), timeout, most));
  if (name != "http_request") return null;
  const cookies = new Array<HttpCookie>();
  const given = headers(a, "cookies");
  for (let i = 0; i < given.length; i++) {
    const cookie = new HttpCookie();
    cookie.name = given[i].name;
    cookie.value = given[i].value;
    cookies.push(cookie);
  }
  return response(httpRequest(
    text(a, "method"), url, bytes(a, "body"), headers(a, "headers"), cookies, timeout, most, flag(a, "follow_redirects"), flag(a, "use_jar")));
}

function response(from: HttpResponse): string {
  const json = new Json().open("{").int("status", from.status).key("headers").open("[");
  for (let i = 0; i < from.headers.length; i++) {
    json.next().open("{").text("name", from.headers[i].name).text("value", from.headers[i].value).close("}");
  }
  json.close("]").key("cookies").open("[");
  for (let i = 0; i < from.cookies.length; i++) {
    const c = from.cookies[i];
    json.next().open("{").text("name", c.name).text("value", c.value).text("domain", c.domain).text("path", c.path).int("expires", c.expires)
      .flag("secure", c.secure).flag("httponly", c.httponly).close("}");
  }
  return json.close("]").bytes("body", from.body).flag("truncated", from.truncated).close("}").finish();
}

function connections(name: string, a: MsgValue): string | null {
  const id = text(a, "conn_id");
  const json = new Json().open("{");
  if (name == "tcp_request") {
    json.bytes("data", tcpRequest(
      text(a, "addr"), bytes(a, "data"), flag(a, "tls"), flag(a, "insecure"), int(a, "timeout_ms"), int(a, "max_bytes")));
  } else if (name == "tcp_connect") {
    json.text("conn_id", tcpConnect(
      text(a, "addr"), text(a, "callback"), flag(a, "tls"), flag(a, "insecure"), int(a, "timeout_ms"), text(a, "server_name")));
  } else if (name == "tcp_set_callback") tcpSetCallback(id, text(a, "callback"));
  else if (name == "tcp_write") tcpWrite(id, bytes(a, "data"));
  else if (name == "tcp_close") tcpClose(id);
  else if (name == "ws_connect") {
    json.text("conn_id", wsConnect(text(a, "url"), headers(a, "headers"), int(a, "timeout_ms"), text(a, "callback"), flag(a, "insecure")));
  } else if (name == "ws_send") wsSend(id, bytes(a, "data"), text(a, "message_type"));
  else if (name == "ws_close") wsClose(id, <i32>int(a, "code"), text(a, "reason"));
  else return null;
  return json.close("}").finish();
}

function archives(name: string, a: MsgValue): string | null {
  const json = new Json().open("{");
  if (name == "archive_pack") {
    const packed = archivePack(text(a, "source"), text(a, "output"), text(a, "format"), text(a, "exclude"));
    json.int("files_count", packed.files_count).text("format", packed.format);
  } else if (name == "archive_unpack") {
    json.int("files_count", archiveUnpack(
      text(a, "archive"), text(a, "dest"), text(a, "format"), text(a, "exclude"), <i32>int(a, "strip")));
  } else if (name == "archive_list") {
    const entries = archiveList(text(a, "archive"), text(a, "format"), text(a, "exclude"));
    json.key("entries").open("[");
    for (let i = 0; i < entries.length; i++) {
      json.next().open("{").text("name", entries[i].name).int("size", entries[i].size).flag("is_dir", entries[i].is_dir).close("}");
    }
    json.close("]");
  } else return null;
  return json.close("}").finish();
}

function others(name: string, a: MsgValue): string | null {
  const json = new Json().open("{");
  if (name == "disk_usage") {
    const disk = diskUsage(text(a, "path"));
    json.int("total_bytes", disk.total_bytes).int("free_bytes", disk.free_bytes).int("used_bytes", disk.used_bytes)
      .float("used_pct", disk.used_pct);
  } else if (name == "shell_exec") {
    const result = shellExec(
      text(a, "command"), text(a, "workdir"), int(a, "timeout_ms"), int(a, "tail"), text(a, "grep"), flag(a, "as_daemon"), text(a, "log_file"));
    json.text("output", result.output).int("exit_code", result.exit_code).int("pid", result.pid).text("log_file", result.log_file);
  } else if (name == "sys_info") {
    const info = sysInfo();
    json.text("os", info.os).text("arch", info.arch).text("hostname", info.hostname).int("num_cpu", info.num_cpu);
  } else if (name == "time_now") {
    const now = timeNow();
    json.int("unix", now.unix).int("unix_nano", now.unix_nano).text("rfc3339", now.rfc3339).text("timezone", now.timezone)
      .int("utc_offset", now.utc_offset);
  } else if (name == "env_get") json.text("value", getEnv(text(a, "key")));
  else if (name == "log_write") {
    const fields = new Array<LogField>();
    const given = a.getField("fields");
    for (let i = 0; i < given.keys.length; i++) fields.push(new LogField(given.keys[i], given.vals[i].getStr()));
    log(text(a, "level"), text(a, "message"), fields);
  } else if (name == "cluster_node_list") {
    const found = clusterNodeList();
    json.text("current_node", found.current_node).key("nodes").open("[");
    for (let i = 0; i < found.nodes.length; i++) {
      const node = found.nodes[i];
      list(json.next().open("{").text("node_id", node.node_id).text("role", node.role).key("skills"), node.skills).close("}");
    }
    json.close("]");
  } else if (name == "file_transfer_send") fileTransferSend(text(a, "target_node"), text(a, "local_path"), text(a, "remote_path"));
  else if (name == "file_transfer_recv") fileTransferRecv(text(a, "source_node"), text(a, "remote_path"), text(a, "local_path"));
  else if (name == "history_get") {
    const turns = historyGet(text(a, "filter"));
    const all = new Json().open("[");
    for (let i = 0; i < turns.getArrayLen(); i++) {
      const turn = turns.getIndex(i);
      all.next().open("{").text("role", turn.getField("role").getStr()).text("content", turn.getField("content").getStr()).close("}");
    }
    return all.close("]").finish();
  } else if (name == "prompt_complete") json.text("content", promptComplete(text(a, "prompt")));
  else if (name == "headers_from_json") {
    const parsed = headersFromJSON(text(a, "json"));
    json.key("headers").open("[");
    for (let i = 0; i < parsed.length; i++) json.next().open("{").text("name", parsed[i].name).text("value", parsed[i].value).close("}");
    json.close("]");
  } else return null;
  return json.close("}").finish();
}

function text(args: MsgValue, name: string): string {
  return args.getField(name).getStr();
}

function int(args: MsgValue, name: string): i64 {
  return args.getField(name).getInt();
}

function flag(args: MsgValue, name: string): bool {
  return args.getField(name).getBool();
}

/** Bytes, or text as UTF-8. */
function bytes(args: MsgValue, name: string): Uint8Array {
  const value = args.getField(name);
  return value.s.length > 0 ? Uint8Array.wrap(String.UTF8.encode(value.s)) : value.bin;
}

function texts(args: MsgValue, name: string): string[] {
  const given = args.getField(name);
  const result = new Array<string>();
  for (let i = 0; i < given.getArrayLen(); i++) result.push(given.getIndex(i).getStr());
  return result;
}

function headers(args: MsgValue, name: string): HttpHeader[] {
  const given = args.getField(name);
  const result = new Array<HttpHeader>();
  for (let i = 0; i < given.getArrayLen(); i++) {
    result.push(new HttpHeader(given.getIndex(i).getField("name").getStr(), given.getIndex(i).getField("value").getStr()));
  }
  return result;
}

function list(json: Json, values: string[]): Json {
  json.open("[");
  for (let i = 0; i < values.length; i++) json.next().raw(quote(values[i]));
  return json.close("]");
}
