# Latchkey's image: the wheel and its locked dependencies, nothing of the sandbox or the tests.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-build.lock
RUN python -m venv /opt/latchkey \
    && /opt/latchkey/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY migrations ./migrations
COPY packaging/slim.py ./packaging/
# The last step takes out what is never imported, the installer too: it comes last.
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/latchkey/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps dist/latchkey-*.whl \
    && /opt/latchkey/bin/python packaging/slim.py /opt/latchkey/lib/python3.11/site-packages \
    && /opt/latchkey/bin/python -m compileall -q /opt/latchkey/lib

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin latchkey \
    && install -d -o latchkey -g latchkey -m 0700 /data
COPY --from=build /opt/latchkey /opt/latchkey
ENV PATH=/opt/latchkey/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LATCHKEY_DATABASE=/data/latchkey.sqlite3
# As numbers: Kubernetes' runAsNonRoot cannot tell from a name that it is not root's.
USER 10001:10001
WORKDIR /data
VOLUME /data
# Red when Telegram has not answered the running bot for three minutes. Podman and buildah drop this line from an image
# in the OCI format: compose.yaml says the same once more.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=2 CMD ["python", "-m", "bot.health", "--quiet"]
STOPSIGNAL SIGTERM
CMD ["latchkey", "run"]
