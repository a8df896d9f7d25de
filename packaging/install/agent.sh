#!/bin/sh
# Installs Butler's agent on this machine and joins it to its master. Run as root; it can be run again.
#
#   agent.sh --master HOST[:PORT] --pin 'sha256//...' --ca-fingerprint HEX [--token TOKEN] [--id ID] [--sha256 ARCH:HEX ...]
#
# --pin            the master's public key, as curl wants it: nothing is taken from a server that has another one
# --ca-fingerprint SHA-256 of the CA's certificate: what the enrolment trusts
# --token          a join token; without one the request waits until the operator accepts it
# --id             this minion's id; its host name when left out
# --sha256         what the package of an architecture (x64, arm64) must be; asked from the master when left out
set -eu

home=/opt/butler
port=4510 master='' pin='' ca='' token='' id='' sums=''

fail() {
  echo "agent.sh: $*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "'$1' needs a value"
  case $1 in
    --master) master=$2 ;;
    --pin) pin=$2 ;;
    --ca-fingerprint) ca=$2 ;;
    --token) token=$2 ;;
    --id) id=$2 ;;
    --sha256) sums="$sums $2" ;;
    *) fail "unknown option '$1'; there is --master, --pin, --ca-fingerprint, --token, --id, --sha256" ;;
  esac
  shift 2
done

case $master in
  *:*) port=${master##*:} master=${master%:*} ;;
esac
[ -n "$master" ] || fail '--master is missing: the name or address of the master'
[ -n "$pin" ] || fail "--pin is missing: 'butler-master tokens create' prints it"
[ -n "$ca" ] || fail "--ca-fingerprint is missing: 'butler-master tokens create' prints it"
[ "$(id -u)" = 0 ] || fail 'must be run as root'
command -v systemctl >/dev/null || fail 'this machine has no systemd'

case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) fail "there is no package for $(uname -m), only for x86_64 and aarch64" ;;
esac

package=butler-agent-linux-$arch.tar.gz

get() {
  curl --fail --silent --show-error --retry 5 --retry-connrefused --insecure --pinnedpubkey "$pin" \
    --output "$2" "https://$master:$port/install/$1" || fail "https://$master:$port/install/$1 could not be fetched"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sum=''
for each in $sums; do
  case $each in "$arch":*) sum=${each#*:} ;; esac
done
if [ -z "$sum" ]; then
  get SHA256SUMS "$work/sums"
  sum=$(sed -n "s/^\([0-9a-f]\{64\}\)  $package\$/\1/p" "$work/sums")
  [ -n "$sum" ] || fail "the master has no package for linux-$arch"
fi

if [ -x $home/bin/butler-master ]; then
  echo "agent.sh: $home is a whole release, which stays as it is"
elif [ "$(cat $home/package.sha256 2>/dev/null)" != "$sum" ]; then
  get $package "$work/agent.tar.gz"
  echo "$sum  $work/agent.tar.gz" | sha256sum --check --quiet || fail 'the package is not what it should be'
  rm -rf $home.new $home.old
  mkdir -p $home.new
  tar -xzf "$work/agent.tar.gz" --strip-components=1 --no-same-owner -C $home.new
  echo "$sum" >$home.new/package.sha256
  if [ -e $home ]; then mv $home $home.old; fi
  mv $home.new $home
  rm -rf $home.old
fi

$home/bin/butler-minion setup
set -- --master "$master:$port" --ca-fingerprint "$ca"
if [ -n "$token" ]; then set -- "$@" --token "$token"; fi
if [ -n "$id" ]; then set -- "$@" --id "$id"; fi
$home/bin/butler-minion enroll "$@"
systemctl enable --quiet butler-minion.service
systemctl restart butler-minion.service
