"""Dockerfile and compose.yaml, as far as their form goes; `make prove-container` builds and runs the image."""

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_the_last_stage_has_a_user_without_rights_a_health_check_and_labels() -> None:
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    for line in ("USER 10001:10001", "HEALTHCHECK ", 'ENTRYPOINT ["tasrih"]', "STOPSIGNAL SIGTERM", "HOST=0.0.0.0"):
        assert line in last
    labels = set(re.findall(r"org\.opencontainers\.image\.(\w+)", last))
    assert {"title", "description", "licenses", "version", "revision"} <= labels


def test_whatever_is_copied_is_sent_to_the_builder() -> None:
    sent = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    sources = [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()]
    assert sorted(sources) == sorted(sent)
    assert all((ROOT / name).exists() for name in sources)


def test_what_the_services_name_exists() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= SERVICES.keys()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


def test_a_replica_is_asked_for_and_read_by_its_name() -> None:
    replica, primary = SERVICES["replica"], SERVICES["postgres"]
    assert replica["profiles"] == ["replica"]
    assert replica["image"] == primary["image"]
    [url] = re.findall(r"^#   DATABASE_REPLICA_URLS=(\S+)$", COMPOSE_TEXT, re.MULTILINE)
    assert urlsplit(url).hostname == "replica"
    assert SERVICES["tasrih"]["environment"]["DATABASE_REPLICA_URLS"] == "${DATABASE_REPLICA_URLS:-}"
    for server in (replica, primary):  # both take standbys, whichever is the primary
        assert all(config["source"] in COMPOSE["configs"] for config in server["configs"])
    ended = subprocess.run(["sh", "-n"], input=replica["command"][0], text=True, check=False)
    assert ended.returncode == 0


def test_the_service_runs_without_rights_and_with_a_read_only_root() -> None:
    for name in ("tasrih", "migrate"):
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["environment"]["DATABASE_URL"].startswith("postgresql://")
