#!/usr/bin/env bash
# Kafka's jars from Maven Central into the cache; nothing to do when they are there. Needs mvn only the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
pom=$here/packages/testkit/kafka/pom.xml
version=$(sed -n 's:.*<version>\([0-9.]*\)</version>.*:\1:p' "$pom" | tail -n 1)
home=$HOME/.cache/skyeye/kafka-$version
[ -f "$home/complete" ] && exit 0
command -v mvn > /dev/null || { echo "Kafka $version is not in the cache, and there is no mvn to fetch it" >&2; exit 1; }
# Into a folder of our own first: two that fetch at once must not mix, and half a set must not count.
part=$home.part.$$
trap 'rm -rf "$part"' EXIT
mkdir -p "$part"
mvn -q -B -f "$pom" dependency:copy-dependencies -DoutputDirectory="$part/libs"
touch "$part/complete"
rm -rf "$home"
mv "$part" "$home"
