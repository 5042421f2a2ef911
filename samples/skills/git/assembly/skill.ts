/**
 * Runs git in a directory. What git answers is the result; when git fails, the result begins with "ERROR:" and holds what git said.
 *
 * @skill:id      ai.luminarys.as.git
 * @skill:name    "Git"
 * @skill:version 1.0.0
 * @skill:desc    "Works with git repositories: status, diff, log, blame, branches, commits, stashes."
 * @skill:sdk     "@luminarys/sdk-as"
 * @skill:require shell git **
 */

import { Context, shellExec } from "@luminarys/sdk-as";
import { quote, words } from "./words";

const TIMEOUT_MS: i64 = 30000;

// @skill:method init "Create a repository in a directory that exists."
// @skill:param  workdir required "Absolute path of the directory" example:/data/project
// @skill:result "What git said"
export function init(_ctx: Context, workdir: string): string {
  return git(workdir, "-c init.defaultBranch=main init");
}

// @skill:method status "Show the branch and what has changed."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:result "The second porcelain format of git, with the branch on top"
export function status(_ctx: Context, workdir: string): string {
  return git(workdir, "status --porcelain=v2 --branch");
}

// @skill:method diff "Show changes line by line."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  path optional "Only this file or directory" example:src
// @skill:param  staged optional "What is staged, instead of what is not" default:false
// @skill:result "A unified diff; empty when nothing has changed"
export function diff(_ctx: Context, workdir: string, path: string = "", staged: bool = false): string {
  return git(workdir, "diff" + (staged ? " --cached" : "") + limitedTo(path));
}

// @skill:method diff_stat "Count the changed lines of each file."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  from optional "A commit; without it, the index" example:HEAD~1
// @skill:param  to optional "Another commit; without it, the working tree" example:HEAD
// @skill:result "One line for each file and a sum; empty when nothing has changed"
export function diffStat(_ctx: Context, workdir: string, from: string = "", to: string = ""): string {
  if (isOption(from)) return refusal("from", from);
  if (isOption(to)) return refusal("to", to);
  return git(workdir, "diff --stat" + further(from.length > 0 || to.length == 0 ? from : "HEAD") + further(to) + " --");
}

// @skill:method log "List commits, the newest first."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  count optional "How many at most" default:10
// @skill:param  path optional "Only commits that changed this file or directory" example:README.md
// @skill:param  oneline optional "One line for each: short hash and subject" default:false
// @skill:result "Hash, date, author and subject of each commit"
export function log(_ctx: Context, workdir: string, count: i64 = 10, path: string = "", oneline: bool = false): string {
  const format = oneline ? " --oneline" : " " + quote("--format=format:%H %ai %an <%ae>%n%s%n");
  return git(workdir, "log -n " + (count > 0 ? count : 10).toString() + format + limitedTo(path));
}

// @skill:method show "Show a commit and its changes, or another object."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  ref optional "A commit, a tag, or commit:path for a file" default:HEAD
// @skill:param  stat optional "Changed files instead of changed lines" default:false
// @skill:result "What git shows of it"
export function show(_ctx: Context, workdir: string, ref: string = "HEAD", stat: bool = false): string {
  if (isOption(ref)) return refusal("ref", ref);
  return git(workdir, "show" + (stat ? " --stat" : "") + further(ref.length > 0 ? ref : "HEAD") + " --");
}

// @skill:method blame "Show who last changed each line of a file."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  path required "The file" example:src/main.c
// @skill:result "Commit, author and date before each line"
export function blame(_ctx: Context, workdir: string, path: string): string {
  return git(workdir, "blame" + limitedTo(path));
}

// @skill:method branches "List the branches, local and remote."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:result "One line for each; the current one has a star"
export function branches(_ctx: Context, workdir: string): string {
  return git(workdir, "branch --all --verbose");
}

// @skill:method tags "List the tags."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:result "One name a line"
export function tags(_ctx: Context, workdir: string): string {
  return git(workdir, "tag --list");
}

// @skill:method add "Stage files for the next commit."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  paths required "Files and directories with blanks between, -A for everything; quote a name that holds a blank" example:src README.md
// @skill:result "ok"
export function add(_ctx: Context, workdir: string, paths: string): string {
  const whole = paths.trim();
  const isEverything = whole == "-A" || whole == "--all" || whole == "-u";
  return done(git(workdir, "add" + (isEverything ? " " + whole : " -- " + words(paths))));
}

// @skill:method commit "Commit what is staged."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  message required "The commit message; it may have several lines" example:Fix the parser
// @skill:result "Branch, short hash, subject, and what changed"
export function commit(_ctx: Context, workdir: string, message: string): string {
  return git(workdir, "commit -m " + quote(message));
}

// @skill:method create_branch "Create a branch and switch to it."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  name required "Name of the branch" example:feature/login
// @skill:param  from optional "Where it starts; without it, at the current commit" example:main
// @skill:result "What git said"
export function createBranch(_ctx: Context, workdir: string, name: string, from: string = ""): string {
  if (isOption(name)) return refusal("name", name);
  if (isOption(from)) return refusal("from", from);
  return done(git(workdir, "checkout -b " + quote(name) + further(from)));
}

// @skill:method checkout "Switch to a branch, a tag or a commit."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  ref required "A branch, a tag or a commit; - for the branch before" example:main
// @skill:result "What git said"
export function checkout(_ctx: Context, workdir: string, ref: string): string {
  if (isOption(ref)) return refusal("ref", ref);
  return done(git(workdir, "checkout " + quote(ref) + " --"));
}

// @skill:method stash "Put changes aside and go back to the last commit."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  message optional "What to remember them by" example:half of the parser
// @skill:result "What git said"
export function stash(_ctx: Context, workdir: string, message: string = ""): string {
  return git(workdir, "stash push" + (message.length > 0 ? " -m " + quote(message) : ""));
}

// @skill:method stash_pop "Bring back what was put aside last."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:result "What git said"
export function stashPop(_ctx: Context, workdir: string): string {
  return git(workdir, "stash pop");
}

// @skill:method stash_list "List what was put aside."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:result "One line for each, the newest first; empty for none"
export function stashList(_ctx: Context, workdir: string): string {
  return git(workdir, "stash list");
}

// @skill:method restore "Throw away unstaged changes of a file or directory."
// @skill:param  workdir required "Absolute path of a directory in the repository" example:/data/project
// @skill:param  path required "The file or directory" example:src/main.c
// @skill:result "ok"
export function restore(_ctx: Context, workdir: string, path: string): string {
  return done(git(workdir, "restore" + limitedTo(path)));
}

/** Runs git. A failure is a text as well: what git says is what helps. */
function git(workdir: string, command: string): string {
  const result = shellExec("git --no-pager " + command, workdir, TIMEOUT_MS);
  if (result.exit_code != 0) return "ERROR: git ended with exit code " + result.exit_code.toString() + "\n" + result.output.trimEnd();
  return result.output.trimEnd();
}

/** Something to say for commands that say nothing. */
function done(output: string): string {
  return output.length > 0 ? output : "ok";
}

function further(word: string): string {
  return word.length > 0 ? " " + quote(word) : "";
}

function limitedTo(path: string): string {
  return path.length > 0 ? " -- " + quote(path) : " --";
}

/** Whether git would take a name for an option. A lone hyphen is the branch before. */
function isOption(name: string): bool {
  return name.length > 1 && name.startsWith("-");
}

function refusal(parameter: string, value: string): string {
  return "ERROR: " + parameter + " must not begin with a hyphen: " + value;
}
