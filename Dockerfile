# The same steps as on any other machine: make install, then opendata serve. The two stages agree on
# the folder, since a virtual environment knows its own.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/opendata
COPY . .
RUN make install

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/opendata --create-home opendata
WORKDIR /srv/opendata
COPY --from=build /srv/opendata /srv/opendata
ENV PATH=/srv/opendata/.venv/bin:$PATH \
    OPENDATA_HOME=/var/lib/opendata \
    PORT=8000 \
    PYTHONUNBUFFERED=1
USER opendata
VOLUME /var/lib/opendata
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD python -c 'import os, urllib.request as r; r.urlopen("http://127.0.0.1:" + os.environ["PORT"] + "/readyz")'
CMD exec opendata serve --host 0.0.0.0 --port "$PORT"
