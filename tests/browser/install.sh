#!/usr/bin/env bash
# Installs playwright-core as package-lock.json has it, unless that very one is there. Needs a network only then.
set -euo pipefail
cd "$(dirname "$0")"
cmp -s package-lock.json node_modules/.installed && exit 0
npm ci --no-audit --no-fund
cp package-lock.json node_modules/.installed
