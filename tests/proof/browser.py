"""What the journeys need from the machine: Chromium, and a font that has Chinese characters."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from tests.proof.commands import ROOT, NotProvenError, run

CHROMIUM = "CHROMIUM"
_NAMES = ("chromium", "chromium-browser")


def chromium(log: Path) -> str:
    """Path of a Chromium: the one that CHROMIUM names, the machine's, else Debian's, installed now.

    Raises NotProvenError when there is none and it cannot be installed.
    """
    named = os.environ.get(CHROMIUM)
    if named:
        if not os.access(named, os.X_OK):
            raise NotProvenError(f"{CHROMIUM}: expected a program, got {named}")
        return named
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(log)
        found = _installed()
    if found is None:
        raise NotProvenError(f"no Chromium: `apt install chromium` as root, or set {CHROMIUM}")
    return found


def _installed() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _install(log: Path) -> None:
    # dpkg refuses to work without the programs of the system's folders.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    quietly = {"DEBIAN_FRONTEND": "noninteractive", "PATH": path}
    run(["apt-get", "update", "-q"], log=log, env=quietly)
    run(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
        log=log,
        env=quietly,
    )


def chinese_font(folder: Path) -> dict[str, str]:
    """What to add to the environment so that a browser shows Chinese; nothing where it does.

    Otherwise a fontconfig file is written to `folder` that adds the font of the wheel
    noto-cjk-sans-otc to the machine's own.
    """
    if _chinese_fonts_known():
        return {}
    found = importlib.util.find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise NotProvenError("no Chinese font: the wheel noto-cjk-sans-otc is not installed")
    file = folder / "fonts.conf"
    file.write_text(
        f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{Path(found.origin).parent}</dir>
  <cachedir>{folder / "font-cache"}</cachedir>
</fontconfig>
""",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(file)}


def _chinese_fonts_known() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    listed = subprocess.run(
        [program, ":lang=zh", "family"], capture_output=True, check=False, cwd=ROOT
    )
    return bool(listed.stdout.strip())
