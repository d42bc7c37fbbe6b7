#!/bin/sh
# Installs the Debian packages that a target needs and this machine lacks: debian.sh venv|run|test|check
set -eu

needs_file() { [ -e "$1" ] || missing="$missing $2"; }
needs_program() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
missing=

reading() {
    dpkg-query -W -f '${Status}' libarchive13 2>/dev/null | grep -q 'ok installed' || missing="$missing libarchive13"
}

printing() {
    needs_program openssl openssl
    needs_program ffmpeg ffmpeg
    needs_program espeak-ng espeak-ng
    needs_program fc-list fontconfig
    needs_program msgfmt gettext
    for library in pango-1.0-0 pangoft2-1.0-0 harfbuzz-subset0; do
        dpkg-query -W -f '${Status}' "lib$library" 2>/dev/null | grep -q 'ok installed' || missing="$missing lib$library"
    done
    needs_file /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
    needs_program npm npm
}

case "${1:-}" in
    venv) python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv" ;;
    run)
        printing
        reading
        ;;
    check) needs_program msgfmt gettext ;;
    test)
        printing
        reading
        needs_program tesseract tesseract-ocr
        for language in chi-sim chi-tra jpn; do
            dpkg-query -W -f '${Status}' "tesseract-ocr-$language" 2>/dev/null | grep -q 'ok installed' ||
                missing="$missing tesseract-ocr-$language"
        done
        needs_program chromium chromium
        needs_program chromium-headless-shell chromium-headless-shell
        needs_program shellcheck shellcheck
        needs_program pdftotext poppler-utils
        needs_program dash dash
        needs_file /usr/lib/libreoffice/program/libswlo.so libreoffice-writer-nogui
        needs_file /usr/lib/libreoffice/program/libsclo.so libreoffice-calc-nogui
        needs_file /usr/lib/libreoffice/program/libsdlo.so libreoffice-impress-nogui
        needs_program slapd slapd
        needs_program ldapsearch ldap-utils
        ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
        ;;
    *) echo "usage: debian.sh venv|run|test|check" >&2; exit 2 ;;
esac

[ -n "$missing" ] || exit 0
echo "Installing from Debian:$missing"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
