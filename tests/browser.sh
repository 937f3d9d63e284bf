#!/usr/bin/env bash
# A Chromium for the browser tests: one that is there, Debian's as root, else Playwright's own, else a clear message.
set -u
python=$1
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing Chromium with apt-get (chromium, fonts-dejavu-core)"
  if apt-get update -qq >/dev/null 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null 2>&1 &&
    command -v chromium >/dev/null 2>&1; then
    exit 0
  fi
fi
"$python" -m playwright install chromium >/dev/null 2>&1 && exit 0
cat >&2 <<'MESSAGE'
The browser tests need Chromium, and it could be installed neither with apt-get nor by Playwright.
Install one that is on the PATH as `chromium`, for example:
  Debian, Ubuntu: sudo apt-get install chromium fonts-dejavu-core
  elsewhere:      .venv/bin/python -m playwright install --with-deps chromium
MESSAGE
exit 1
