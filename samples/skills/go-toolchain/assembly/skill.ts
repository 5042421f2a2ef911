/**
 * Builds, tests and runs Go programs. What the tools answer is the result; when one fails, the result begins with "ERROR:" and holds what it said.
 *
 * @skill:id      ai.luminarys.as.go-toolchain
 * @skill:name    "Go toolchain"
 * @skill:version 1.0.0
 * @skill:desc    "Builds, tests, formats and checks Go modules, and runs programs in the background."
 * @skill:sdk     "@luminarys/sdk-as"
 * @skill:require shell go **
 * @skill:require shell gofmt **
 * @skill:require shell ps **
 * @skill:require shell kill **
 * @skill:require shell ./**
 */

import { Context, shellExec } from "@luminarys/sdk-as";
import { quote, words } from "./words";

// A first build compiles the standard library, too.
const TIMEOUT_MS: i64 = 600000;

// @skill:method mod_init "Begin a module: write go.mod."
// @skill:param  workdir required "Absolute path of the directory" example:/data/app
// @skill:param  module required "Path of the module" example:example.com/app
// @skill:result "What go said"
export function modInit(_ctx: Context, workdir: string, module: string): string {
  if (isOption(module)) return refusal("module", module);
  return run(workdir, "go mod init " + quote(module));
}

// @skill:method mod_tidy "Add the modules that are missing in go.mod, and remove those that are not used."
// @skill:param  workdir required "Absolute path of the module" example:/data/app
// @skill:result "What go said, or ok"
export function modTidy(_ctx: Context, workdir: string): string {
  return run(workdir, "go mod tidy");
}

// @skill:method get "Add a dependency, or change its version."
// @skill:param  workdir required "Absolute path of the module" example:/data/app
// @skill:param  pkg required "Packages with blanks between, with a version if need be" example:golang.org/x/text@latest
// @skill:result "What go said, or ok"
export function get(_ctx: Context, workdir: string, pkg: string): string {
  if (isOption(pkg)) return refusal("pkg", pkg);
  return run(workdir, "go get " + words(pkg));
}

// @skill:method build "Compile. With output, the program of the directory is written; without, all packages below are compiled."
// @skill:param  workdir required "Absolute path of the module" example:/data/app
// @skill:param  output optional "File to write" example:app
// @skill:param  tags optional "Build tags with commas between" example:netgo,debug
// @skill:result "The compiler's messages, or ok"
export function build(_ctx: Context, workdir: string, output: string = "", tags: string = ""): string {
  return run(workdir, "go build" + option("-tags", tags) + (output.length > 0 ? option("-o", output) + " ." : " ./..."));
}

// @skill:method test "Run tests."
// @skill:param  workdir required "Absolute path of the module" example:/data/app
// @skill:param  pkg optional "Packages with blanks between" default:./...
// @skill:param  run optional "Only tests whose name matches this expression" example:TestParse
// @skill:param  verbose optional "true: name each test" default:""
// @skill:param  cover optional "true: measure coverage" default:""
// @skill:result "The report of go test"
export function test(_ctx: Context, workdir: string, pkg: string = "./...", run_: string = "", verbose: string = "", cover: string = ""): string {
  if (isOption(pkg)) return refusal("pkg", pkg);
  const flags = (isOn(verbose) ? " -v" : "") + (isOn(cover) ? " -cover" : "") + option("-run", run_);
  return run(workdir, "go test" + flags + " " + words(pkg.length > 0 ? pkg : "./..."));
}

// @skill:method fmt "Format all Go files of a directory and below."
// @skill:param  workdir required "Absolute path of the directory" example:/data/app
// @skill:result "The files that were changed, or ok"
export function fmt(_ctx: Context, workdir: string): string {
  return run(workdir, "gofmt -l -w .");
}

// @skill:method vet "Look for likely mistakes."
// @skill:param  workdir required "Absolute path of the module" example:/data/app
// @skill:result "What was found, or ok"
export function vet(_ctx: Context, workdir: string): string {
  return run(workdir, "go vet ./...");
}

// @skill:method run "Start a program in the background."
// @skill:param  workdir required "Absolute path of the directory to start in" example:/data/app
// @skill:param  command required "Program and arguments" example:./app -port 8080
// @skill:param  log_file optional "File for its output; without it, a new one in the temporary directory" example:/data/app/app.log
// @skill:result "Its process id and its log file"
export function start(_ctx: Context, workdir: string, command: string, logFile: string = ""): string {
  const result = shellExec(command, workdir, 0, 0, "", true, logFile);
  if (result.exit_code != 0 || result.pid == 0) return failure(command, result.exit_code, result.output);
  return "pid: " + result.pid.toString() + "\nlog_file: " + result.log_file;
}

// @skill:method ps "List processes."
// @skill:param  grep optional "Only lines that match this expression" example:app
// @skill:result "Lines of ps aux"
export function ps(_ctx: Context, grep: string = ""): string {
  const result = shellExec("ps aux", "", 0, 0, grep);
  return result.exit_code == 0 ? result.output.trimEnd() : failure("ps aux", result.exit_code, result.output);
}

// @skill:method kill "Send a signal to a program that run has started."
// @skill:param  pid required "Its process id"
// @skill:param  signal optional "Name or number of the signal" default:TERM
// @skill:result "ok"
export function kill(_ctx: Context, pid: string, signal: string = "TERM"): string {
  const name = signal.startsWith("-") ? signal.substring(1) : signal;
  return run("", "kill " + quote("-" + (name.length > 0 ? name : "TERM")) + " " + quote(pid.trim()));
}

/** Runs a command to its end. A failure is a text as well: compiler messages are what helps. */
function run(workdir: string, command: string): string {
  const result = shellExec(command, workdir, TIMEOUT_MS);
  if (result.exit_code != 0) return failure(command, result.exit_code, result.output);
  const output = result.output.trimEnd();
  return output.length > 0 ? output : "ok";
}

function failure(command: string, exitCode: i32, output: string): string {
  const blank = command.indexOf(" ");
  const program = blank > 0 ? command.substring(0, blank) : command;
  return "ERROR: " + program + " ended with exit code " + exitCode.toString() + "\n" + output.trimEnd();
}

function option(name: string, value: string): string {
  return value.length > 0 ? " " + name + " " + quote(value) : "";
}

function isOn(text: string): bool {
  const value = text.trim().toLowerCase();
  return value == "true" || value == "1" || value == "yes" || value == "on";
}

function isOption(name: string): bool {
  return name.startsWith("-");
}

function refusal(parameter: string, value: string): string {
  return "ERROR: " + parameter + " must not begin with a hyphen: " + value;
}
