# Sourced by ./metseg and ./test after they set `root`: finds the .NET SDK and builds when the sources have changed.

program="$root/src/MetSeg.App/bin/Release/net10.0/MetSeg.App.dll"
stamp="$root/src/MetSeg.App/bin/Release/net10.0/.sources"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
[ -n "${HOME:-}" ] || export DOTNET_CLI_HOME="${TMPDIR:-/tmp}"

# Sets `dotnet` to the host on the PATH, or where Microsoft's install script puts it.
find_dotnet() {
    local candidate
    for candidate in "$(command -v dotnet)" "${DOTNET_ROOT:-/nonexistent}/dotnet" "${HOME:-}/.dotnet/dotnet"; do
        if [ -x "$candidate" ]; then
            dotnet=$candidate
            return
        fi
    done
    missing_sdk "no 'dotnet' was found"
}

# Stops unless an SDK is there that global.json accepts.
need_sdk() {
    find_dotnet
    (cd "$root" && "$dotnet" --version) >/dev/null 2>&1 && return
    local present
    present=$("$dotnet" --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')
    missing_sdk "found only ${present:-a runtime without SDK}"
}

missing_sdk() {
    local id="" version=""
    [ -r /etc/os-release ] && id=$(. /etc/os-release && echo "$ID") && version=$(. /etc/os-release && echo "${VERSION_ID:-}")
    {
        echo "${0##*/}: MetSeg needs the .NET SDK 10 ($1). Get it in one of these ways, then start again:"
        case "$id" in
            debian | ubuntu)
                echo "  with apt (root):  curl -LO https://packages.microsoft.com/config/$id/$version/packages-microsoft-prod.deb && dpkg -i packages-microsoft-prod.deb && apt-get update && apt-get install -y dotnet-sdk-10.0"
                ;;
        esac
        echo "  without root:     curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0    (goes to ~/.dotnet, where this program looks)"
        echo "  other systems:    https://dotnet.microsoft.com/download/dotnet/10.0"
    } >&2
    exit 2
}

# Names, times and sizes of everything the build reads: one line that changes when a file is edited, added, moved or removed.
sources() {
    {
        echo "${Torch:-cpu}"
        cd "$root" && find src build Directory.* global.json -type d \( -name bin -o -name obj \) -prune -o -type f -printf '%p %T@ %s\n' | LC_ALL=C sort
    } | sha256sum
}

is_built() { [ -f "$program" ] && [ -f "$stamp" ] && [ "$(sources)" = "$(cat "$stamp")" ]; }

# build PROJECT [OPTION…]: builds Release; leaves no build server behind, because it would keep the lock and the pipes open.
# Old assemblies are removed first: overwritten in place, they would crash a MetSeg that is running on them.
build() {
    local target=$1 before
    shift
    before=$(sources)
    rm -f "$stamp" "${program%/*}"/MetSeg*.dll
    (cd "$root" && "$dotnet" msbuild "$target" -restore -p:Configuration=Release -nologo -v:quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false "$@") 9>&- || return
    echo "$before" >"$stamp"
}

# Runs a command while no other start of MetSeg in this checkout builds.
locked() {
    mkdir -p "$root/artifacts"
    exec 9>"$root/artifacts/build.lock"
    if command -v flock >/dev/null; then flock 9; fi
    "$@"
    local status=$?
    exec 9>&-
    return $status
}
