"""Build the Dockerfile and run the image where no registry can be reached: what `make prove-container` does, as root.

The base image is a Debian root file system made with debootstrap, imported under the name that the Dockerfile gives it; the
dependencies come from wheels that pip downloads outside. The image runs in a chroot with its root read-only, as its own user
and without capabilities. That proves each step of the Dockerfile and what it sets, but not the runtime of containers, nor
compose.yaml, nor the official base image.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BASE, IMAGE = "docker.io/library/debian:12-slim", "localhost/tasrih:proof"
PORT = "18099"

START = """
mount --bind "$root" "$root" && mount -o remount,bind,ro "$root" && mount -t tmpfs tmpfs "$root/tmp" &&
mount --bind "$data" "$root/var/lib/tasrih" && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" &&
exec chroot "$root" setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""


def run(*command: str, **options: Any) -> str:
    """What a command prints; its failure ends the proof."""
    print("+", *command[:8], "..." if len(command) > 8 else "", file=sys.stderr)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def buildah(folder: Path, *arguments: str) -> str:
    """Run buildah with storage of its own, without a daemon or overlays."""
    storage = ("--root", str(folder / "storage"), "--runroot", str(folder / "run"), "--storage-driver", "vfs")
    return run("buildah", *storage, *arguments, cwd=ROOT)


def make_base(folder: Path) -> None:
    """Import a minimal Debian 12 under the name of the base image."""
    mirror = os.environ.get("DEBIAN_MIRROR") or mirror_of_this_machine()
    run("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", str(folder / "base"), mirror)
    container = buildah(folder, "from", "scratch").strip()
    buildah(folder, "copy", "--quiet", container, str(folder / "base"), "/")
    buildah(folder, "commit", "--quiet", "--rm", container, BASE)
    shutil.rmtree(folder / "base")


def mirror_of_this_machine() -> str:
    """Where this machine's own apt gets Debian from."""
    listed = run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages").splitlines()
    return listed[0] if listed else "http://deb.debian.org/debian"


def build(folder: Path) -> None:
    """Build the image as the Dockerfile says."""
    wheels = folder / "wheels"
    only = ("--only-binary=:all:", "--python-version=3.11")  # that of Debian 12
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    run(*pip, *only, "--require-hashes", "--requirement", "requirements/runtime.txt", "--dest", str(wheels), cwd=ROOT)
    revision = run("git", "rev-parse", "HEAD", cwd=ROOT).strip()
    buildah(
        folder,
        *("bud", "--quiet", "--isolation=chroot", "--format=docker", "--pull-never", "--tag", IMAGE),
        *("--volume", f"{wheels}:/wheels:ro", "--build-arg", "PIP_OPTIONS=--no-index --find-links=/wheels"),
        *("--build-arg", f"REVISION={revision}", "--build-arg", "VERSION=proof", str(ROOT)),
    )


@contextmanager
def served(folder: Path, configuration: dict[str, Any], root: str) -> Iterator[list[str]]:
    """The image's own command, running with its root read-only; yields how to run another command beside it."""
    user, _, group = configuration["User"].partition(":")
    data = folder / "data"
    data.mkdir()
    shutil.chown(data, int(user), int(group))
    environment = dict(pair.split("=", 1) for pair in configuration["Env"]) | {"PORT": PORT, "WEB_CONCURRENCY": "1"}
    variables = {"root": root, "data": str(data), "user": user, "group": group, "PATH": os.environ["PATH"]}
    inside = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    command = [*inside, *configuration["Entrypoint"], *configuration["Cmd"]]
    shell = ["unshare", "--mount", "sh", "-c", START, "sh"]
    process = subprocess.Popen([*shell, *command], env=variables)
    try:
        yield ["nsenter", f"--target={process.pid}", "--mount", "chroot", root, *inside]
    finally:
        process.send_signal(signal.Signals[configuration.get("StopSignal", "SIGTERM")])
        assert process.wait(40) == 0, "it did not stop well"


def await_health(beside: Sequence[str], check: Sequence[str]) -> None:
    """Run the health check of the image until it succeeds."""
    for _ in range(120):
        if subprocess.run([*beside, *check], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return
        time.sleep(0.5)
    raise AssertionError("The health check never succeeded.")


def prove(folder: Path) -> None:
    """Build, look at what is set, run, ask."""
    make_base(folder)
    build(folder)
    configuration = json.loads(buildah(folder, "inspect", "--type=image", IMAGE))["Docker"]["config"]
    assert configuration["User"] == "10001:10001", configuration
    labels = {
        name.rpartition(".")[2] for name in configuration["Labels"] if name.startswith("org.opencontainers.image.")
    }
    assert {"title", "description", "licenses", "version", "revision"} <= labels, labels
    container = buildah(folder, "from", "--pull-never", IMAGE).strip()
    root = buildah(folder, "mount", container).strip()
    check = configuration["Healthcheck"]["Test"]
    assert check[0] == "CMD", check
    with served(folder, configuration, root) as beside:
        await_health(beside, check[1:])
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/v1/statements?limit=1") as answer:
            assert len(json.load(answer)["data"]) == 1
        touched = subprocess.run([*beside, "touch", "/opt/tasrih/x"], capture_output=True, check=False)
        assert touched.returncode != 0, "the root is writable"
    buildah(folder, "umount", container)
    print("The image was built as the Dockerfile says, and runs with its root read-only as a user without rights.")


if __name__ == "__main__":
    if missing := [name for name in ("buildah", "debootstrap", "setpriv") if shutil.which(name) is None]:
        sys.exit(f"This takes {' and '.join(missing)}: apt-get install buildah crun debootstrap.")
    scratch = Path(tempfile.mkdtemp(prefix="tasrih-container-"))
    try:
        prove(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
