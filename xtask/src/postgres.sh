# The life of a throwaway PostgreSQL.
#   $1  the folder of the server's programs
#   $2  the folder to make its own folder in
#   $3  options of the server
#
# Says `ready` and where the certificate is that its own TLS has, and then waits for the end of its standard input, which comes when xtask closes it and also when xtask
# is killed. That is why this is a script of its own: nothing is left behind however xtask ends.
set -eu
cd /
programs=$1
home=$(mktemp -d "$2/fillhouse-postgres.XXXXXX")

finish() {
    # `immediate`: nobody will start this server again, so it need not leave its files in order.
    "$programs/pg_ctl" --pgdata "$home/data" --mode immediate --wait stop > /dev/null 2>&1 || true
    rm -rf "$home"
}
trap finish EXIT

fail() {
    tail -n 20 "$home/log" >&2
    exit 1
}

"$programs/initdb" --pgdata "$home/data" --username postgres --auth trust --encoding UTF8 --no-locale --no-sync \
    > "$home/log" 2>&1 || fail
# Of this server and nobody else: whoever trusts it trusts no one in addition.
cat > "$home/openssl.cnf" << 'END'
[req]
distinguished_name = name
x509_extensions = extensions
[name]
[extensions]
basicConstraints = critical, CA:false
subjectAltName = IP:127.0.0.1
END
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=fillhouse-test \
    -config "$home/openssl.cnf" -keyout "$home/data/server.key" -out "$home/data/server.crt" > "$home/log" 2>&1 || fail
chmod 600 "$home/data/server.key"
"$programs/pg_ctl" --pgdata "$home/data" --log "$home/log" --wait --timeout 60 --options "$3" start > /dev/null || fail
echo "ready $home/data/server.crt"
cat > /dev/null
