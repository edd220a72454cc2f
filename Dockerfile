# Fillhouse in a container: `docker build -t fillhouse .`, or `docker compose up` with compose.yaml.
# The program needs nothing of the system but the certificates to trust, so that the image has nothing else.

FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends musl-tools
RUN rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /src
COPY . .
RUN target="$(uname -m)-unknown-linux-musl" \
    && env "CC_$(echo "$target" | tr - _)=musl-gcc" cargo build --release --locked --package fillhouse --target "$target" \
    && strip -o /fillhouse "target/$target/release/fillhouse" \
    && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /fillhouse /usr/bin/fillhouse
# A volume that is new takes over whose the folder is.
COPY --from=build --chown=nonroot:nonroot /data /var/lib/fillhouse
USER nonroot
ENV FILLHOUSE_DATA_DIR=/var/lib/fillhouse \
    FILLHOUSE_LISTEN=0.0.0.0:8080
VOLUME /var/lib/fillhouse
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s CMD ["/usr/bin/fillhouse", "healthcheck"]
ENTRYPOINT ["/usr/bin/fillhouse"]
CMD ["serve"]
