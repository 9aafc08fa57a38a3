# Sourced by scenarios/run.sh, tests/run.sh and bench/run.sh: installs what is missing, configures, builds.
# Expects the current folder to be the root of the project.

# A second clone on the same machine finds the first one's object files.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

say() { printf '== %s\n' "$*" >&2; }

# Whether a package is installed, or another that stands in for it (nodejs of other sources has npm in it).
installed() {
    # Read to the end, or dpkg-query would die of the closed pipe.
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -c 'install ok installed' >/dev/null ||
        dpkg-query -W -f='${db:Status-Abbrev} ${Provides},\n' | grep -cE "^ii .*[ ,]$1( \([^)]*\))?," >/dev/null
}

# install KIND...: installs those packages of scenarios/packages.txt that are missing. Without anything missing it
# needs neither rights nor a network.
install() {
    local kind name missing=()
    while read -r kind name; do
        case " $* " in *" $kind "*) ;; *) continue ;; esac
        installed "$name" || missing+=("$name")
    done < <(grep -v '^#' scenarios/packages.txt)
    [ ${#missing[@]} -eq 0 ] && return 0
    say "installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { say "these packages are missing, and there is neither root nor sudo: ${missing[*]}"; exit 3; }
        as_root=(sudo)
    fi
    export DEBIAN_FRONTEND=noninteractive
    # A lock held by another package manager is waited for; an old package list is renewed once.
    local options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=300)
    "${as_root[@]}" apt-get install "${options[@]}" "${missing[@]}" >/dev/null 2>&1 ||
        { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install "${options[@]}" "${missing[@]}" >/dev/null; } ||
        { say "could not install: ${missing[*]}"; exit 3; }
}

# configure FOLDER [CMAKE ARGUMENTS...]; says nothing unless it fails.
configure() {
    local folder=$1; shift
    local log; log=$(mktemp)
    cmake -S . -B "$folder" -G Ninja "$@" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; return 1; }
    rm -f "$log"
}

# build FOLDER [TARGETS...]
build() {
    local folder=$1; shift
    if [ -t 2 ]; then ninja -C "$folder" "$@" >&2; else ninja -C "$folder" --quiet "$@" >&2; fi
}
