# One image for every process of the mall:
#   docker build -t mall .
#   docker run -p 127.0.0.1:8888:8888 -v mall-data:/data mall                         the whole mall, on SQLite
#   docker run -v ./deploy/etc:/etc/mall:ro mall serve pay.rpc -f /etc/mall/pay-rpc.yaml

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY channel-sim/package.json channel-sim/
COPY cli/package.json cli/
COPY codegen/package.json codegen/
COPY kit/package.json kit/
COPY web/package.json web/
# Whole, so that a new service needs no line here.
COPY services/ services/
# npm links a command only where its file is there.
COPY cli/bin/ cli/bin/
# The optional packages are Node itself, which this image has already.
RUN npm ci --workspace @mall/cli --workspace services --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

# What people look at, built here because the image carries nothing that builds.
FROM packages AS pages
RUN npm ci --workspace @mall/web --include=dev --ignore-scripts --no-audit --no-fund
COPY kit/ kit/
COPY web/ web/
RUN node web/build.ts

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/var/cache/mall \
    PATH=/app/node_modules/.bin:$PATH
WORKDIR /app
COPY --from=packages /app/node_modules/ node_modules/
COPY . .
COPY --from=pages /app/web/dist/ web/dist/
COPY deploy/etc/mall.yaml /etc/mall/mall.yaml
# /data is for the whole mall in one process, which wants a volume there; the eight keep nothing.
RUN mkdir /data /var/cache/mall && chown node:node /data /var/cache/mall

# By number, so that Kubernetes can tell that it is not root.
USER 1000:1000
# Compiles what every process loads, as the user who will run it, so that containers start in half the time.
RUN mall --help > /dev/null

# The gateway; the apis; the rpcs; health and metrics.
EXPOSE 8888 8000-8003 9000-9003 6060
# Every configuration file in deploy/etc has a DevServer on this port. Whether it is fit to serve, which compose waits
# for; where what is not is restarted for it, as Swarm does, ask /livez instead.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:6060/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["mall"]
CMD ["up", "-f", "/etc/mall/mall.yaml"]
