# shellcheck shell=bash
# The programs that run in the small cloud, and what each capture has them do. Sourced by record.sh.
#
# Every client is bounded in time and in bytes. A command that the filter stops fails, as it should:
# `try` ignores that and its output.

readonly WEB1=10.20.1.11 WEB2=10.20.1.12 DB=10.20.2.21 BASTION=10.20.0.10
readonly WEB1_6=2001:db8:20:1::11 WEB2_6=2001:db8:20:1::12
readonly DB_6=2001:db8:20:2::21 BASTION_6=2001:db8:20::10
readonly LOST_LAPTOP=198.51.100.77 CLIENT=203.0.113.10

# try HOST COMMAND…
try() {
    timeout 8 ip netns exec "$PREFIX$1" "${@:2}" >/dev/null 2>&1 </dev/null || true
}
in_background() { "$@" >/dev/null 2>&1 </dev/null & }

# --- servers

start_web() {
    local host=$1 folder=$WORK/$1
    mkdir -p "$folder/www"
    head -c 1200 /dev/zero | tr '\0' w >"$folder/www/index.html"
    head -c 30000 /dev/zero | tr '\0' w >"$folder/www/page.html"
    cat >"$folder/nginx.conf" <<EOF
user root; daemon off; worker_processes 1; pid $folder/pid; error_log $folder/error.log;
events {}
http {
  access_log off; default_type text/html;
  client_body_temp_path $folder/1; proxy_temp_path $folder/2; fastcgi_temp_path $folder/3;
  uwsgi_temp_path $folder/4; scgi_temp_path $folder/5;
  server {
    listen 80; listen [::]:80; listen 443 ssl; listen [::]:443 ssl; root $folder/www;
    ssl_certificate $WORK/tls.pem; ssl_certificate_key $WORK/tls.key;
  }
}
EOF
    in_background on "$host" nginx -c "$folder/nginx.conf"
}

start_ssh() {
    in_background on "$1" /usr/sbin/sshd -D -f /dev/null -h "$WORK/key" -o UsePAM=no \
        -o PermitRootLogin=yes -o StrictModes=no -o PidFile=none -o PrintMotd=no \
        -o PrintLastLog=no -o AuthorizedKeysFile="$WORK/key.pub"
}

start_resolver() {
    local long
    long=$(head -c 250 /dev/zero | tr '\0' t)
    in_background on bastion dnsmasq --no-daemon --no-resolv --no-hosts --conf-file=/dev/null \
        --user=root --pid-file="$WORK/dnsmasq.pid" --edns-packet-max=4096 \
        --host-record="db.example,$DB,$DB_6" --host-record="web1.example,$WEB1,$WEB1_6" \
        --txt-record="long.example$(printf ',%s' "$long"{1,2,3,4,5,6,7,8,9,10,11,12})"
}

start_servers() {
    local host
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$WORK/key"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 \
        -subj /CN=web.example -keyout "$WORK/tls.key" -out "$WORK/tls.pem" 2>/dev/null
    mkdir -p /run/sshd
    for host in web1 web2; do start_web "$host"; done
    for host in web1 web2 db bastion; do start_ssh "$host"; done
    in_background on db redis-server --port 6379 --bind 0.0.0.0 '::' --protected-mode no \
        --save '' --dir "$WORK" --logfile ''
    in_background on web2 iperf3 --server
    in_background on client nginx -c "$WORK/web1/nginx.conf" -g "pid $WORK/client.pid;"
    start_resolver
    sleep 2
}

# --- clients

get() { try "$1" curl --silent --insecure --max-time 6 --connect-timeout 4 "${@:2}"; }
ssh_run() {
    try "$1" ssh -F none -i "$WORK/key" -o BatchMode=yes -o ConnectTimeout=4 -o LogLevel=ERROR \
        -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "${@:3}" "root@$2" \
        'seq 400'
}
redis() { try "$1" timeout 4 redis-cli -h "$2" "${@:3}"; }
lookup() { try "$1" dig +tries=1 +time=1 "@$2" "${@:3}"; }
echoes() { try "$1" ping -n -q -c "$3" -i 0.1 -W 1 "${@:4}" "$2"; }
# Aloud (-v), because a silent nc sends no datagram.
knock() { try "$1" nc -n -z -v -w 4 "${@:2}"; }

# A shop's morning, stateless: clients of the web servers, the database behind them, the office on
# the bastion, and some who are turned away.
web_and_db() {
    local i turned_away
    turned_away &
    turned_away=$!
    for i in $(seq 12); do
        get client "http://$WEB1/" "http://$WEB1/page.html" "http://$WEB2/page.html"
        get office "https://$WEB2/" "https://$WEB2/page.html"
        get client "http://[$WEB1_6]/page.html"
        redis web1 $DB set "visits:$i" "$i"
        redis web2 $DB get "visits:$i"
    done
    try web1 redis-benchmark -q -h $DB -n 150 -c 3 -t set,get
    for i in web1 web2 db; do lookup "$i" $BASTION db.example A db.example AAAA; done
    ssh_run office $BASTION
    ssh_run bastion $WEB1
    ssh_run bastion $DB
    try web1 iperf3 --client $WEB2 --bytes 300K
    echoes office $WEB1 5
    echoes bastion $DB 5
    echoes web1 $WEB2 5
    wait "$turned_away"
}

# What the rules drop.
turned_away() {
    local port
    get scanner "http://$WEB1/" "http://$WEB2/"
    get scanner "http://[$WEB1_6]/"
    redis client $DB ping
    redis bastion $DB ping
    ssh_run client $BASTION
    ssh_run office $BASTION -b $LOST_LAPTOP
    ssh_run office $WEB1
    lookup client $BASTION db.example A
    echoes client $WEB1 3
    echoes web1 $DB 3
    get db "http://$CLIENT/"
    for port in 22 3306 8080; do knock client $WEB1 "$port"; done
}

# The same programs over IPv6.
ipv6() {
    local i
    for i in $(seq 6); do
        get client "http://[$WEB1_6]/page.html" "https://[$WEB2_6]/page.html"
        redis web1 $DB_6 set "visits:$i" "$i"
        redis web2 $DB_6 get "visits:$i"
    done
    for i in web1 web2 db; do lookup "$i" $BASTION_6 web1.example AAAA; done
    ssh_run office $BASTION_6
    ssh_run bastion $DB_6
    try web1 iperf3 --client $WEB2_6 --bytes 100K
    echoes office $WEB1_6 5 -6
    echoes bastion $DB_6 5 -6
    get scanner "http://[$WEB1_6]/"
    redis client $DB_6 ping
    ssh_run client $BASTION_6
    lookup client $BASTION_6 web1.example AAAA
    echoes client $WEB1_6 3 -6
    get db "http://[2001:db8:203::10]/"
}

# Datagrams larger than a frame: answers of the resolver, and echoes.
dns_and_fragments() {
    local i
    for i in 1 2 3; do
        lookup web1 $BASTION +bufsize=4096 +notcp +ignore long.example TXT
        lookup web2 $BASTION_6 +bufsize=4096 +notcp +ignore long.example TXT
    done
    for i in $(seq 10); do lookup db $BASTION db.example A web1.example AAAA; done
    lookup client $BASTION +bufsize=4096 long.example TXT
    echoes office $WEB1 4 -s 4000
    echoes office $WEB1_6 4 -6 -s 4000
    echoes bastion $DB 4 -s 4000
    echoes client $WEB1 3 -s 4000
    echoes client $WEB1_6 3 -6 -s 4000
}

# Doors tried one after the other; the web servers' are open, the rest is silence.
scan_dropped() {
    local host port
    for host in $WEB1 $WEB2 $DB $BASTION $WEB1_6 $DB_6; do
        for port in 21 22 23 80 443 1433 3306 5432 6379 8080; do
            in_background knock scanner "$host" "$port"
        done
        for port in 53 123 161; do in_background knock scanner -u "$host" "$port"; done
    done
    get client "http://$WEB1/"
    sleep 5
}

# Two web servers on one database, and others who are not let in.
database() {
    try web1 redis-benchmark -q -h $DB -n 300 -c 4 -t set,get,incr
    try web2 redis-benchmark -q -h $DB_6 -n 300 -c 4 -t lpush,lrange_100 -r 20
    redis bastion $DB ping
    redis client $DB ping
    redis client $DB_6 ping
    ssh_run bastion $DB
}
