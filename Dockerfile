# Builds Lading and puts what runs of it on a base without shell or package manager.
# Both bases can be replaced, as for a mirror: --build-arg BUILD_BASE=… --build-arg RUN_BASE=…
ARG BUILD_BASE=docker.io/library/node:24-bookworm-slim
ARG RUN_BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
ARG BASE_PATH=
ENV BASE_PATH=${BASE_PATH} LADING_STANDALONE=1 NEXT_TELEMETRY_DISABLED=1
# The data folder is made here: its owner is kept when a volume is mounted over it.
RUN npm run build && mkdir -p /data && chmod 700 /data \
  && cp "$(npm exec -c 'node -p process.execPath')" /usr/local/bin/lading-node

FROM ${RUN_BASE}
ARG VERSION=dev
ARG REVISION=
ARG BASE_PATH=
LABEL org.opencontainers.image.title="Lading" \
      org.opencontainers.image.description="A fast, safe browser for container registries and OCI image layouts" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=build /usr/local/bin/lading-node /usr/local/bin/node
COPY --from=build /src/.next/standalone ./
COPY --from=build --chown=65532:65532 /data /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data BASE_PATH=${BASE_PATH} \
    NODE_OPTIONS=--max-semi-space-size=4
USER 65532:65532
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/usr/local/bin/node", "healthcheck.mjs"]
ENTRYPOINT ["/usr/local/bin/node", "lading.mjs"]
