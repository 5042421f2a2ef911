/**
 * Runs Python in a virtual environment of its own. What the programs answer is the result; when one fails, the result begins with "ERROR:" and
 * holds what it said.
 *
 * @skill:id      ai.luminarys.as.python-toolchain
 * @skill:name    "Python toolchain"
 * @skill:version 1.0.0
 * @skill:desc    "Makes virtual environments, installs packages, runs scripts, tests and background programs."
 * @skill:sdk     "@luminarys/sdk-as"
 * @skill:require shell python -m venv .venv
 * @skill:require shell .venv/bin/pip **
 * @skill:require shell .venv/bin/python **
 * @skill:require shell .venv/bin/pytest **
 * @skill:require shell ps **
 * @skill:require shell kill **
 * @skill:require shell ./**
 */

import { Context, shellExec } from "@luminarys/sdk-as";
import { quote, words } from "./words";

const TIMEOUT_MS: i64 = 600000;
const NOT_FOUND: i32 = 127;

// @skill:method venv "Make a virtual environment in .venv."
// @skill:param  workdir required "Absolute path of the project" example:/data/project
// @skill:result "ok"
export function venv(_ctx: Context, workdir: string): string {
  const result = shellExec("python -m venv .venv", workdir, TIMEOUT_MS);
  // Some systems have no program of the plain name.
  return result.exit_code == NOT_FOUND ? run(workdir, "python3 -m venv .venv") : answer("python", result.exit_code, result.output);
}

// @skill:method pip_install "Install packages into .venv."
// @skill:param  workdir required "Absolute path of the project" example:/data/project
// @skill:param  packages required "Packages and options of pip with blanks between" example:requests>=2.31 pytest
// @skill:result "What pip said"
export function pipInstall(_ctx: Context, workdir: string, packages: string): string {
  return run(workdir, ".venv/bin/pip --disable-pip-version-check install " + words(packages));
}

// @skill:method pip_freeze "List the packages of .venv with their versions."
// @skill:param  workdir required "Absolute path of the project" example:/data/project
// @skill:result "One name==version a line; empty for none"
export function pipFreeze(_ctx: Context, workdir: string): string {
  const result = shellExec(".venv/bin/pip --disable-pip-version-check freeze", workdir, TIMEOUT_MS);
  return result.exit_code == 0 ? result.output.trimEnd() : answer(".venv/bin/pip", result.exit_code, result.output);
}

// @skill:method run_script "Run a script with the Python of .venv, to its end."
// @skill:param  workdir required "Absolute path of the project" example:/data/project
// @skill:param  script required "File of the script; or -c and quoted code, or -m and a module" example:-c 'print(1 + 1)'
// @skill:param  args optional "Arguments of the script with blanks between" example:--verbose input.txt
// @skill:result "What the script wrote"
export function runScript(_ctx: Context, workdir: string, script: string, args: string = ""): string {
  const what = script.startsWith("-") ? words(script) : quote(script);
  const result = shellExec(".venv/bin/python " + what + " " + words(args), workdir, TIMEOUT_MS);
  return result.exit_code == 0 ? result.output.trimEnd() : answer(".venv/bin/python", result.exit_code, result.output);
}

// @skill:method test "Run pytest, which pip_install can install."
// @skill:param  workdir required "Absolute path of the project" example:/data/project
// @skill:param  path optional "Files and directories with blanks between" example:tests
// @skill:param  verbose optional "true: name each test" default:""
// @skill:result "The report of pytest"
export function test(_ctx: Context, workdir: string, path: string = "", verbose: string = ""): string {
  return run(workdir, ".venv/bin/pytest" + (isOn(verbose) ? " -v" : "") + " " + words(path));
}

// @skill:method run "Start a program in the background."
// @skill:param  workdir required "Absolute path of the directory to start in" example:/data/project
// @skill:param  command required "Program and arguments" example:.venv/bin/python server.py --port 8080
// @skill:param  log_file optional "File for its output; without it, a new one in the temporary directory" example:/data/project/server.log
// @skill:result "Its process id and its log file"
export function start(_ctx: Context, workdir: string, command: string, logFile: string = ""): string {
  const result = shellExec(command, workdir, 0, 0, "", true, logFile);
  if (result.exit_code != 0 || result.pid == 0) return answer(programOf(command), result.exit_code, result.output);
  return "pid: " + result.pid.toString() + "\nlog_file: " + result.log_file;
}

// @skill:method ps "List processes."
// @skill:param  grep optional "Only lines that match this expression" example:server.py
// @skill:result "Lines of ps aux"
export function ps(_ctx: Context, grep: string = ""): string {
  const result = shellExec("ps aux", "", 0, 0, grep);
  return result.exit_code == 0 ? result.output.trimEnd() : answer("ps", result.exit_code, result.output);
}

// @skill:method kill "Send a signal to a program that run has started."
// @skill:param  pid required "Its process id"
// @skill:param  signal optional "Name or number of the signal" default:TERM
// @skill:result "ok"
export function kill(_ctx: Context, pid: string, signal: string = "TERM"): string {
  const name = signal.startsWith("-") ? signal.substring(1) : signal;
  return run("", "kill " + quote("-" + (name.length > 0 ? name : "TERM")) + " " + quote(pid.trim()));
}

/** Runs a command to its end. */
function run(workdir: string, command: string): string {
  const result = shellExec(command, workdir, TIMEOUT_MS);
  return answer(programOf(command), result.exit_code, result.output);
}

/** A failure is a text as well: what the program says is what helps. */
function answer(program: string, exitCode: i32, output: string): string {
  const text = output.trimEnd();
  if (exitCode != 0) return "ERROR: " + program + " ended with exit code " + exitCode.toString() + "\n" + text;
  return text.length > 0 ? text : "ok";
}

function programOf(command: string): string {
  const blank = command.indexOf(" ");
  return blank > 0 ? command.substring(0, blank) : command;
}

function isOn(text: string): bool {
  const value = text.trim().toLowerCase();
  return value == "true" || value == "1" || value == "yes" || value == "on";
}
