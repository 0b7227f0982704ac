# The image of workers, clock and web: built from the checkout, nothing fetched at run time.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY configs ./configs
COPY transcriber ./transcriber
COPY workers ./workers
RUN python -m venv /opt/transcriber \
    && /opt/transcriber/bin/pip install --no-cache-dir -c configs/constraints.txt \
       --extra-index-url https://download.pytorch.org/whl/cpu '.[postgres,s3]'

FROM python:3.11-slim-bookworm
COPY --from=build /opt/transcriber /opt/transcriber
ENV PATH=/opt/transcriber/bin:$PATH PYTHONDONTWRITEBYTECODE=1 NUMBA_CACHE_DIR=/tmp/numba
RUN useradd --uid 10001 --no-create-home transcriber && install -d -o 10001 -g 10001 /data /models
USER 10001:10001
ENTRYPOINT ["transcriber"]
