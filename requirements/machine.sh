# What a machine must have before ./setup.sh can work, and what each package manager calls it. Sourced by setup.sh.
# Variables are shared with setup.sh; backticks in messages are text.
# shellcheck shell=bash disable=SC2154,SC2034,SC2016

# Sets `missing` (of: git cc rust python), `problems` (the same, for people), `python` and `python_version`.
find_tools() {
  missing='' problems=''
  git --version >/dev/null 2>&1 || lack git 'no git'
  find_c_compiler
  find_rust
  find_python
}

lack() {
  missing="${missing:+$missing }$1"
  problems="${problems:+$problems; }$2"
}

# Only linking shows whether libc's headers and start files are there; without them rustc blames a crate.
find_c_compiler() {
  printf '#include <stdlib.h>\nint main(void) { return 0; }\n' >.stage/link.c
  if ! command -v cc >/dev/null; then
    lack cc 'no C compiler (`cc`)'
  elif ! cc .stage/link.c -o .stage/link 2>.stage/setup.log; then
    lack cc "\`cc\` cannot make a program ($(grep -m 1 -iE 'error|cannot|unable' .stage/setup.log || echo 'cause unknown'))"
  fi
}

find_rust() {
  local tool found minor
  for tool in rustc cargo; do
    found=$($tool --version 2>/dev/null) || found=
    minor=${found#"$tool" 1.} minor=${minor%%.*}
    if [ -z "$found" ]; then
      lack rust "no Rust (\`$tool\`)"
      return
    elif [ "$minor" -lt 85 ]; then
      lack rust "\`$tool\` is 1.$minor, needed is 1.85 or newer"
      return
    fi
  done
}

# Once made, the Python of .venv stays the one, whatever else is active in this shell.
find_python() {
  local candidate version path wrong=''
  if [ -n "${STAGE_PYTHON:-}" ]; then
    set -- "$STAGE_PYTHON"
  else
    set -- .venv/bin/python python3 python3.15 python3.14 python3.13 python3.12 python3.11 python
  fi
  # A half-made one would be named as its own base.
  [ -e .venv/pyvenv.cfg ] || rm -rf .venv
  for candidate; do
    read -r version path <<<"$(python_in "$candidate")"
    case $version in
      3.11 | 3.12 | 3.13 | 3.14 | 3.15)
        python=$path python_version=$version
        return ;;
      ?*) wrong=${wrong:-"\`$candidate\` is Python $version"} ;;
    esac
  done
  lack python "${wrong:-no Python${STAGE_PYTHON:+ at $STAGE_PYTHON}}, needed is 3.11 to 3.15"
}

# Version and path of a Python, or nothing. A virtual environment's Python answers for the one that it was made of.
python_in() {
  "$1" -c 'import sys
print("%d.%d %s" % (sys.version_info[:2] + (getattr(sys, "_base_executable", sys.executable),)))' 2>/dev/null
}

# --- what set-up brings itself ------------------------------------------------------------------------------------

# Sets `uv`: the pinned one, as a wheel in .stage, or without pip the system's, if it is not older.
get_uv() {
  local pinned minor
  pinned=$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements/uv.txt)
  uv=.stage/uv/bin/uv
  case $("$uv" --version 2>/dev/null) in "uv $pinned"*) return ;; esac
  "$python" -m pip --version >/dev/null 2>&1 || ! may_install || install_packages python3-pip
  if "$python" -m pip --version >/dev/null 2>&1; then
    rm -rf .stage/uv .stage/uv.new
    run "get uv $pinned" "$python" -m pip install --quiet --target .stage/uv.new --only-binary :all: \
      --require-hashes --no-deps -r requirements/uv.txt
    mv .stage/uv.new .stage/uv
    return
  fi
  uv=$(command -v uv) || uv=
  minor=$("${uv:-false}" --version | sed -n 's/^uv 0\.\([0-9]*\)\..*/\1/p') || minor=
  pinned=${pinned#0.}
  [ "${minor:-0}" -ge "${pinned%.*}" ] ||
    fail "cannot get uv: $python has no pip, and no uv 0.${pinned%.*} or newer is on PATH" \
      "$(uname -sm), PATH=$PATH" "$(how_to_get uv)"
}

# Node 20 or newer: the system's, or one from a wheel.
get_node() {
  local major
  major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p') || major=
  if [ "${major:-0}" -lt 20 ] || ! npm --version >/dev/null 2>&1; then
    environment .stage/node requirements/node.txt
    export PATH="$PWD/.stage/node/bin:$PATH"
  fi
  cmp -s slides/package-lock.json slides/node_modules/.installed.json && return
  run 'get reveal.js' npm ci --prefix slides --cache "$PWD/.stage/npm" --no-audit --no-fund
  cp slides/package-lock.json slides/node_modules/.installed.json
}

# --- mending ----------------------------------------------------------------------------------------------------

may_install() {
  [ "$(id -u)" = 0 ] && [ -z "${STAGE_NO_INSTALL:-}" ] && command -v apt-get >/dev/null
}

# As root on Debian and its like: installs what its packages can mend. What is then missing still ends the set-up.
install_missing() {
  # shellcheck disable=SC2086 # tools are words
  if may_install; then
    run 'read the list of Debian packages' apt-get update
    install_packages "$(packages apt-get $missing)"
    find_tools
  fi
  # shellcheck disable=SC2086
  [ -z "$missing" ] || fail "cannot prepare this machine: $problems" "$(uname -sm), PATH=$PATH" "$(how_to_get $missing)"
}

# Never removes a package to make room for another.
install_packages() {
  # shellcheck disable=SC2086 # packages are words
  [ -z "$1" ] || run "install $1" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends --no-remove $1
}

# packages MANAGER TOOL…: what this manager calls them, leaving out what it lacks or has too old.
packages() {
  local manager=$1 tool names=''
  shift
  for tool; do
    case $manager:$tool in
      none:* | brew:cc) continue ;;
      *:rust) ! command -v rustup >/dev/null || continue ;;
      *:python) [ -z "${STAGE_PYTHON:-}" ] || continue ;;
    esac
    case $manager:$tool in
      apt-get:cc) tool='gcc libc6-dev' ;;
      apt-get:rust) tool=$(debian_rust) ;;
      apt-get:python) tool=$(debian_version python3 | sed -n 's/^3\.1[1-5]\..*/python3/p') ;;
      apt-get:uv) tool=python3-pip ;;
      *:cc) tool=gcc ;;
      dnf:rust) tool=cargo ;;
      dnf:python) tool=python3 ;;
    esac
    names="$names${tool:+ $tool}"
  done
  echo "${names# }"
}

# Debian 12 is too old itself, and has a newer pair beside it for building browsers.
debian_rust() {
  local suffix minor
  for suffix in '' -web; do
    minor=$(debian_version "rustc$suffix" | sed -n 's/^1\.\([0-9]*\)\..*/\1/p')
    if [ "${minor:-0}" -ge 85 ]; then
      echo "rustc$suffix cargo$suffix"
      return
    fi
  done
}

debian_version() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p'
}

# how_to_get TOOL…: one command for all that the package manager has, and a few words on each of the rest.
how_to_get() {
  local manager tool names sudo='' how=''
  [ "$(id -u)" = 0 ] || sudo='sudo '
  for manager in apt-get dnf pacman brew none; do
    ! command -v $manager >/dev/null || break
  done
  names=$(packages $manager "$@")
  case $manager in
    apt-get) how="run \`${sudo}apt-get update && ${sudo}apt-get install --yes $names\`; " ;;
    dnf) how="run \`${sudo}dnf install $names\`; " ;;
    pacman) how="run \`${sudo}pacman -S $names\`; " ;;
    brew) how="run \`brew install $names\`; " ;;
  esac
  [ -n "$names" ] || how=''
  for tool; do
    [ -z "$(packages $manager "$tool")" ] || continue
    case $tool:$(uname -s) in
      git:Darwin | cc:Darwin) how="${how}run \`xcode-select --install\`; " ;;
      rust:*)
        if command -v rustup >/dev/null; then how="${how}run \`rustup update stable && rustup default stable\`; "
        else how="${how}install Rust with rustup, as rust-lang.org says; "; fi ;;
      python:*) how="${how}say where a Python 3.11 to 3.15 is: \`STAGE_PYTHON=/path/to/python $again\`; " ;;
      *) how="${how}install $tool with your system's package manager; " ;;
    esac
  done
  echo "${how}then run \`$again\` again"
}
