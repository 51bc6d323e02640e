#!/usr/bin/env bash
# need-packages.sh PACKAGE…: installs the Debian packages that are missing, or says which one is.
set -euo pipefail

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

give_up() {
    printf 'missing package%s: %s\n' "$([ "$#" = 1 ] || echo s)" "$*" >&2
    printf 'install with: apt-get install %s\n' "$*" >&2
    exit 1
}

missing=()
for package in "$@"; do
    # Without dpkg, a package's own check is the build's.
    if ! command -v dpkg-query >/dev/null; then
        echo "not Debian: install the equivalents of $* if the build asks for them" >&2
        exit 0
    fi
    is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || give_up "${missing[@]}"
as_root=()
if [ "$(id -u)" != 0 ]; then
    # A password prompt needs somebody to answer it.
    if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=(sudo)
    else
        give_up "${missing[@]}"
    fi
fi

install() {
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

echo "installing ${missing[*]}"
install 2>/dev/null || {
    ${as_root[@]+"${as_root[@]}"} apt-get update -qq || give_up "${missing[@]}"
    install || give_up "${missing[@]}"
}
