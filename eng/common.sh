# Shared by ./demo and ./test. Sourced, not run.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Installs Debian packages when this is root on a machine with apt; answers false when it could not.
apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  say "installing $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null 2>&1 && return 0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } >/dev/null 2>&1
}

# Makes a program available: found on PATH, or installed from the named Debian package.
need() {
  command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || apt_install "${2:-$1}"
}

# Makes the compiler of the guests in C available: clang, its linker for WebAssembly, a C library, and clang's own library for wasm32.
need_wasm_clang() {
  { command -v clang && command -v wasm-ld && [ -f /usr/lib/wasm32-wasi/libc.a ] \
    && [ -f "$(clang --target=wasm32-wasi -print-libgcc-file-name)" ]; } >/dev/null 2>&1 \
    || apt_install clang lld wasi-libc libclang-rt-14-dev-wasm32
}

# Makes virtual environments of the system's Python available: Debian has what they need apart.
need_venv() {
  /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
}

# Restores what is named. Some feeds lack a package that the bus client needs; only then the stand-ins of eng/stand-ins are used.
restore() {
  local output
  dotnet --version >/dev/null || die "the .NET SDK 10.0.400 or later is needed (see global.json)"
  output=$(dotnet restore "$1" -v quiet 2>&1) && return
  if [ -z "${UseStandIns:-}" ] && grep -q NU1101 <<<"$output"; then
    export UseStandIns=true
    say "the package feed is not complete: building with the stand-ins of eng/stand-ins"
    output=$(dotnet restore "$1" -v quiet 2>&1) && return
  fi
  say "$output"
  return 1
}
