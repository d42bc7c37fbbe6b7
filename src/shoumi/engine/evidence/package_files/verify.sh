#!/bin/sh
# Verifies a Shoumi evidence package, version 1, with OpenSSL 3.0 or later and the usual POSIX tools.
#   sh verify.sh [FOLDER [KEYS]]     exit status: 0 everything holds, 1 something does not, 2 unreadable
# FOLDER: the unpacked package (default: where this script lies).  KEYS: a file of "log" and "witness" lines
# from a source of your own; without it the keys in the package itself, proof/policy, are believed.
LC_ALL=C; export LC_ALL; unset CDPATH; umask 077; set -u
keys=${2:-proof/policy}; case $keys in /* | proof/policy) ;; *) keys=$PWD/$keys ;; esac
stop() { printf 'cannot be read: %s\n' "$*"; exit 2; }
cd -- "${1:-$(dirname -- "$0")}" || stop "no such folder"
[ -f tagmanifest-sha256.txt ] && [ -f "$keys" ] || stop "no evidence package in $PWD, or no keys"
case $(openssl version) in "OpenSSL "[3-9]* | "OpenSSL "[1-9][0-9]*) ;; *) stop "OpenSSL 3.0 or later is needed" ;; esac
w=${TMPDIR:-/tmp}/shoumi-verify-$$; mkdir -- "$w" || stop "no room for $w"
trap 'rm -rf -- "$w"' EXIT; trap 'exit 2' HUP INT TERM
ok() { printf 'ok      %s\n' "$*"; }
note() { printf 'note    %s\n' "$*"; }
fail() { printf 'FAILS   %s\n' "$*"; exit 1; }
sha() { openssl dgst -sha256 -r | cut -c1-64; }
unbase64() { openssl base64 -d -A; }
hex() { od -An -v -tx1 -N"$1" | tr -d ' \n'; }
signed() { # NOTE TEXT KEY: the line by KEY (name+id+base64) in NOTE is an Ed25519 signature over the file TEXT
  name=${3%%+*} rest=${3#*+} offset=4; printf %s "${rest#*+}" | unbase64 > "$w/key"
  [ "$({ echo "$name"; cat "$w/key"; } | sha | cut -c1-8)" = "${rest%%+*}" ] || fail "key: $3 is misspelled"
  b64=$(awk -v n="$name" '$1 == "\342\200\224" && $2 == n { print $3 }' "$1"); printf %s "$b64" | unbase64 > "$w/raw"
  [ "$(openssl base64 -A < "$w/raw")" = "$b64" ] && [ "$(hex 4 < "$w/raw")" = "${rest%%+*}" ] || return 1
  if [ "$(hex 1 < "$w/key")" = 04 ]; then # a cosignature: eight bytes of time, signed too, stand before it
    when=$(od -An -v -tu1 -j4 -N8 "$w/raw" | awk '{ for (i = 1; i <= 8; i++) t = t * 256 + $i; printf "%.0f", t }')
    { printf 'cosignature/v1\ntime %s\n' "$when"; cat "$2"; } > "$w/message"; offset=12
  else cat "$2" > "$w/message"; fi
  dd if="$w/raw" of="$w/signature" bs=1 skip=$offset 2> "$w/log"
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; dd if="$w/key" bs=1 skip=1 2> "$w/log"; } > "$w/der"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$w/der" -rawin -in "$w/message" \
    -sigfile "$w/signature" > "$w/log" 2>&1
}
hashed() { # MANIFEST ALGORITHM: every file listed in MANIFEST has the hash it says
  cut -c67- "$1" | xargs openssl dgst "-$2" -r 2> "$w/log" | sed 's/ \*/  /' > "$w/now"; cmp -s "$w/now" "$1" ||
    fail "files: altered or missing: $(awk 'NR == FNR { same[$0]; next }
      !($0 in same) { print substr($0, 67) }' "$w/now" "$1" | tr '\n' ' ')"
}
# 1 The ledger's key signed the list of hashes, and the file "signature" holds nothing else.
log=$(awk '$1 == "log" { print $2; exit }' "$keys")
printf 'shoumi evidence package v1\n%s\n' "$(sha < tagmanifest-sha256.txt)" > "$w/text"
signed signature "$w/text" "$log" || fail "signature: the list of hashes is not signed by ${log%%+*}"
{ cat "$w/text"; printf '\n\342\200\224 %s %s\n' "$name" "$b64"; } | cmp -s - signature || fail "signature: altered"
ok "signature: the list of hashes is signed by $log"
# 2 Every file has the hash listed, and there is no other file.
hashed tagmanifest-sha256.txt sha256; hashed manifest-sha256.txt sha256
if openssl dgst -sm3 signature > "$w/log" 2>&1; then hashed manifest-sm3.txt sm3; else
  note "files: this OpenSSL has no SM3; SHA-256 was checked"; fi
{ cut -c67- manifest-sha256.txt tagmanifest-sha256.txt; echo signature; echo tagmanifest-sha256.txt; } | sort > "$w/listed"
find . ! -type d | cut -c3- | sort | cmp -s - "$w/listed" || fail "files: one was added, removed or renamed"
[ -z "$(find . ! -type d ! -type f)" ] || fail "files: one is a link or device"
ok "files: $(grep -c . "$w/listed") files, each as listed and no other"
# 3 The ledger and the witnesses signed the checkpoint: how many entries, and the root over them.
sed '/^$/,$d' proof/checkpoint > "$w/text"; size=$(sed -n 2p "$w/text") root=$(sed -n 3p "$w/text" | unbase64 | hex 32)
[ "$(sed 1q "$w/text")" = "$name" ] && signed proof/checkpoint "$w/text" "$log" || fail "checkpoint: not signed by $name"
ok "checkpoint: $size entries, signed by $name"
for key in $(awk '$1 == "witness" { print $3 }' "$keys"); do
  signed proof/checkpoint "$w/text" "$key" || fail "witness: the checkpoint is not signed by $name"
  ok "witness: $name saw no other version, $(date -u -d "@$when" 2> "$w/log" || date -u -r "$when")"
done
# 4 Each entry lies under that root (RFC 9162, 2.1.3.2).  awk lays out the paths, one line for each neighbour on
#   the way up; they are walked together, so that openssl is needed once for each level.
for entry in proof/entry-*.json; do proof=${entry%.json}.tlog-proof at=${entry#proof/entry-}
  sed '1,/^$/d' "$proof" | cmp -s - proof/checkpoint || fail "entry: $proof ends at another checkpoint"
  { printf '\000'; cat "$entry"; } > "$w/node-${at%.json}"
done
awk -v size="$size" 'function octal(line,  o, i, j, v) { # base64 of 32 bytes as printf wants it
    for (i = 1; i < 44; i += 4) { v = 0; for (j = 0; j < 4; j++) v = v * 64 + value[substr(line, i + j, 1)]
      o = o sprintf("\\%03o\\%03o", int(v / 65536), int(v / 256) % 256) (i < 41 ? sprintf("\\%03o", v % 256) : "") }
    return o }
  BEGIN { for (i = 0; i < 64; i++)
    value[substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", i + 1, 1)] = i }
  FNR == 2 { n = $2; last = size - 1; level = 0; inside = 1; at = sprintf("%010d", n)
    if (n > last || FILENAME != "proof/entry-" at ".tlog-proof") print "bad", FILENAME }
  FNR > 2 && inside { inside = $0 != ""; if (inside == (last < 1)) print "bad", FILENAME; if (!inside) next
    left = n % 2 || n == last; print ++level, at, left ? "left" : "right", octal($0)
    if (left) while (n && n % 2 == 0) { n = n / 2; last = int(last / 2) }
    n = int(n / 2); last = int(last / 2) }' proof/entry-*.tlog-proof | sort -n > "$w/plan"
! grep bad "$w/plan" > "$w/log" || fail "entry: $(cut -c5- "$w/log" | tr '\n' ' ')does not fit its place or the tree"
hash_nodes() { (cd "$w" && openssl dgst -sha256 -r node-* && rm node-*) > "$w/hashes" 2> "$w/log"; }
climb() { hash_nodes; while read -r hash file; do eval "at_${file##*-}=$hash"; done < "$w/hashes"; }
level=0; while read -r step at side neighbour; do [ "$step" = "$level" ] || climb; level=$step
  own=; eval "hash=\$at_$at"; while [ "$hash" ]; do rest=${hash#??}; v=$((0x${hash%"$rest"})); hash=$rest
    own="$own\\$((v / 64))$((v / 8 % 8))$((v % 8))"; done
  if [ "$side" = left ]; then printf "\\001$neighbour$own"; else printf "\\001$own$neighbour"; fi > "$w/node-$at"
done < "$w/plan"; climb
for entry in proof/entry-*.json; do at=${entry#proof/entry-}; at=${at%.json}; eval "hash=\$at_$at"
  [ "$hash" = "$root" ] || fail "entry: $entry is not in the ledger"
  text=$(cat "$entry"); tag=${text#*\"tag\":\"}; time=${text#*\"time\":\"}; ok "entry: $at, ${tag%%\"*} at ${time%%\"*}"
done
# 5 Each detail, with its salt, is what its entry committed to: the hash of length, salt and detail.
record=; for detail in data/details/*.json; do [ -f "$detail" ] || continue; base=${detail##*/}
  unbase64 < "${detail%.json}.salt" > "$w/salt"; ! cmp -s "$detail" data/record.json || record=$base
  { printf "\\000\\000\\000\\$(printf %03o $(($(wc -c < "$w/salt"))))"; cat "$w/salt" "$detail"; } > "$w/node-$base"
done; hash_nodes
while read -r hash file; do base=${file#*node-}; base=${base%.json}; at=${base%%-*} name=${base#*-}
  grep -qF "\"$name\":\"$hash\"" "proof/entry-$at.json" || fail "detail: $base.json is another"
  ok "detail: $name is what entry $at committed to"
done < "$w/hashes"
if [ "$record" ]; then ok "record: it stands in the ledger ($record)"; else
  note "record: it is not in the ledger; the signature of the package alone covers it"; fi
# 6 The hash of each exhibit stands in such a detail, and so in the ledger.
awk -F '\t' 'NR == FNR { hash[substr($0, 67)] = substr($0, 1, 64); next } FNR > 1 {
  file = "data/details/" $6; if ($6 != "-" && !(file in text)) getline text[file] < file
  if (hash["data/exhibits/" $1] != $4 || ($6 != "-" && !index(text[file], "\"" $4 "\""))) {
    print "FAILS   exhibit: " $1 " is not in the ledger"; exit 1 }
  if ($6 != "-") print "ok      exhibit: " $1 " stands in the ledger (" $6 ")"
  else print "note    exhibit: " $1 " is not in the ledger; the signature of the package alone covers it"
}' manifest-sha256.txt data/exhibits.tsv || exit 1
# 7 The time-stamp authority signed the checkpoint and the signature of the ledger under it.
if [ -f proof/checkpoint.tsr ]; then sed -e '/^$/{n' -e q -e '}' proof/checkpoint > "$w/stamped"
  time=$(openssl ts -reply -in proof/checkpoint.tsr -text 2> "$w/log" | sed -n 's/^Time stamp: //p')
  at=$(date -u -d "$time" +%s 2> "$w/log" || date -j -u -f '%b %e %T %Y GMT' "$time" +%s 2> "$w/log" || date +%s)
  openssl ts -verify -data "$w/stamped" -in proof/checkpoint.tsr -CAfile proof/tsa.pem -attime "$at" > "$w/log" 2>&1 ||
    fail "time-stamp: it does not fit the checkpoint, or not the certificate in proof/tsa.pem"
  ok "time-stamp: $time, $(sed -n 's/^Shoumi-Timestamp: //p' bag-info.txt)"
else note "time-stamp: none; the times rest on the clocks of the ledger and the witnesses"; fi
[ "$keys" != proof/policy ] || note "trust: the keys came with the package; compare them with a source of your own"
echo "HOLDS   every check above"
