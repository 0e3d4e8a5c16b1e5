# One static binary, no shell, not root. The image is built from the module's
# own pinned dependencies alone.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /first5 ./cmd/first5 \
 && mkdir /data

# Certificates, to reach the institutions' providers, are all that it adds.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /first5 /first5
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV FIRST5_LISTEN=0.0.0.0:8080 \
    FIRST5_DATABASE=sqlite:/data/first5.db
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["/first5", "health"]
ENTRYPOINT ["/first5"]
CMD ["serve"]
