# The image of the service: Debian's Python, the pinned dependencies, and a user without rights. docs/operations.md says how to
# run it; 'make prove-container' builds and runs it without any registry.

FROM debian:12-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/tasrih
WORKDIR /src
COPY requirements/runtime.txt requirements/runtime.txt
# For builders without PyPI, such as "--no-index --find-links=/wheels".
ARG PIP_OPTIONS=""
RUN /opt/tasrih/bin/pip install --no-cache-dir --disable-pip-version-check $PIP_OPTIONS --require-hashes -r requirements/runtime.txt
COPY pyproject.toml setup.cfg README.md LICENSE ./
COPY api api
COPY schemas schemas
COPY fixtures fixtures
RUN /opt/tasrih/bin/pip install --no-cache-dir --disable-pip-version-check --no-index --no-deps --no-build-isolation . \
 && /opt/tasrih/bin/python -m compileall -q /opt/tasrih/lib

FROM debian:12-slim
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Tasrih" \
      org.opencontainers.image.description="REST API of official statements: who said what, when, on whose behalf, about which agreement, according to whom" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:12-slim"
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 tasrih \
 && useradd --uid 10001 --gid tasrih --home-dir /var/lib/tasrih --shell /usr/sbin/nologin tasrih \
 && install --directory --owner tasrih --group tasrih /var/lib/tasrih
COPY --from=build /opt/tasrih /opt/tasrih
ENV PATH=/opt/tasrih/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:////var/lib/tasrih/tasrih.db \
    TASRIH_METRICS_HOST=0.0.0.0
# Numbers, so that runAsNonRoot can be checked. Nothing but /tmp and /var/lib/tasrih is written: the root may be read-only.
USER 10001:10001
WORKDIR /var/lib/tasrih
VOLUME /var/lib/tasrih
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/readyz\", timeout=4)"]
ENTRYPOINT ["tasrih"]
CMD ["serve"]
