#!/bin/sh
# The API reference by doxygen, from the headers: sh tools/reference/build.sh [FOLDER]
# FOLDER/html/index.html is its first page; FOLDER is build/reference by default. A warning is an error.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
folder=${1:-build/reference}
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
mkdir -p "$folder"
doxygen - <<END
@INCLUDE            = $here/Doxyfile
PROJECT_NUMBER      = $version
INPUT               = include $here/main.md
STRIP_FROM_PATH     = include
STRIP_FROM_INC_PATH = include
INPUT_FILTER        =
FILTER_PATTERNS     = "*.h=python3 $here/filter.py"
OUTPUT_DIRECTORY    = $folder
END
