import { Request } from "./abi_internal";

@external("env", "shell_exec") declare function env_shell_exec(ptr: usize, len: i32): u64;

/** What a program wrote, and how it ended. The last two are filled for a daemon only. */
export class ShellResult {
  output: string = "";
  exit_code: i32 = 0;
  pid: i32 = 0;
  log_file: string = "";
}

/** Runs one program, without a shell. Zeros mean 30 s and all lines; `tail` and `grep` choose lines of the output. */
export function shellExec(
  command: string, workdir: string = "", timeoutMs: i64 = 0, tail: i64 = 0, grep: string = "", asDaemon: bool = false, logFile: string = "",
): ShellResult {
  const answer = new Request()
    .text("command", command).text("workdir", workdir).int("timeout_ms", timeoutMs).int("tail", tail).text("grep", grep)
    .flagIfSet("as_daemon", asDaemon).textIfSet("log_file", logFile)
    .call("shell_exec", env_shell_exec);
  const result = new ShellResult();
  result.output = answer.getField("output").getStr();
  result.exit_code = <i32>answer.getField("exit_code").getInt();
  result.pid = <i32>answer.getField("pid").getInt();
  result.log_file = answer.getField("log_file").getStr();
  return result;
}
