FROM node:20-slim AS build
WORKDIR /src
COPY . .
RUN npm ci && npm prune --omit=dev

FROM node:20-slim AS program
WORKDIR /work
COPY --from=build /src/package.json /opt/vs2route/
COPY --from=build /src/bin /opt/vs2route/bin
COPY --from=build /src/dist /opt/vs2route/dist
COPY --from=build /src/schemas /opt/vs2route/schemas
COPY --from=build /src/node_modules /opt/vs2route/node_modules
RUN ln -s /opt/vs2route/bin/vs2route.js /usr/local/bin/vs2route \
  && ln -s /opt/vs2route/bin/vs2route-fn.js /usr/local/bin/vs2route-fn
# A KRM function has to run as nobody.
USER nobody

# docker build --target function: for orchestrators, which run an image without arguments.
FROM program AS function
ENTRYPOINT ["vs2route-fn"]

FROM program
ENTRYPOINT ["vs2route"]
