# shellcheck shell=bash
# The small cloud as network namespaces: `router` with one cable to each host. Sourced by record.sh.
#
#   web1 web2 db bastion ──┐                        ┌── client office scanner
#   10.20.0.0/16           ├── router (the filter) ─┤   documentation addresses
#   2001:db8:20::/48       ┘     │                  └
#                              span: a copy of every frame as the router receives it
#
# No namespace has any other link. Frames are copied to `span` at the router's ingress, so a capture
# holds what each host sent, in order, whether or not the filter then drops it.

readonly PREFIX=sluice-
readonly GATEWAY_MAC=ee:ff:ff:ff:ff:ff

# Host, hardware address, IPv4 addresses, IPv6 addresses; the first of each is the usual source.
readonly HOSTS='
web1    00:16:3e:20:01:11 10.20.1.11                  2001:db8:20:1::11
web2    00:16:3e:20:01:12 10.20.1.12                  2001:db8:20:1::12
db      00:16:3e:20:02:21 10.20.2.21                  2001:db8:20:2::21
bastion 00:16:3e:20:00:10 10.20.0.10                  2001:db8:20::10
client  02:00:5e:00:53:10 203.0.113.10                2001:db8:203::10
office  02:00:5e:00:53:20 198.51.100.20,198.51.100.77 2001:db8:198::20
scanner 02:00:5e:00:53:66 203.0.113.66                2001:db8:203:64::66
'

# Runs a command in a host's namespace.
on() {
    local host=$1
    shift
    ip netns exec "$PREFIX$host" "$@"
}

hosts() { awk 'NF { print $1 }' <<<"$HOSTS"; }

make_namespace() {
    local name=$PREFIX$1
    ip netns add "$name"
    # No address is made up, advertised or probed for: the captures hold what programs send.
    ip netns exec "$name" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
        net.ipv6.conf.default.addr_gen_mode=1 net.ipv6.conf.default.accept_ra=0 \
        net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
    ip -n "$name" link set lo up
}

# Wire-sized frames with the checksums that a wire would carry.
no_offload() { on "$1" ethtool -K "$2" tso off gso off gro off tx off >/dev/null 2>&1; }

# A cable from the router to one host, and the routes at both ends.
connect() {
    local host=$1 mac=$2 addresses=${3//,/ } addresses6=${4//,/ } address
    ip link add eth0 address "$mac" netns "$PREFIX$host" type veth \
        peer name "$host" address "$GATEWAY_MAC" netns "${PREFIX}router"
    no_offload "$host" eth0
    no_offload router "$host"
    ip -n "${PREFIX}router" addr add 169.254.1.1/32 dev "$host"
    ip -n "${PREFIX}router" addr add fe80::1/64 dev "$host" nodad
    ip -n "${PREFIX}router" link set "$host" up
    for address in $addresses; do ip -n "$PREFIX$host" addr add "$address/32" dev eth0; done
    for address in $addresses6; do ip -n "$PREFIX$host" addr add "$address/128" dev eth0 nodad; done
    ip -n "$PREFIX$host" link set eth0 up
    ip -n "$PREFIX$host" route add default via 169.254.1.1 dev eth0 onlink src "${addresses%% *}"
    ip -n "$PREFIX$host" neigh add fe80::1 lladdr "$GATEWAY_MAC" dev eth0 nud permanent
    ip -n "$PREFIX$host" -6 route add default via fe80::1 dev eth0
    for address in $addresses $addresses6; do
        ip -n "${PREFIX}router" route add "$address" dev "$host"
    done
    for address in $addresses6; do
        ip -n "${PREFIX}router" neigh add "$address" lladdr "$mac" dev "$host" nud permanent
    done
}

# Copies every frame that the router receives to `span`; `tap` is where tcpdump listens.
mirror() {
    ip -n "${PREFIX}router" link add span type veth peer name tap
    ip -n "${PREFIX}router" link set span up
    ip -n "${PREFIX}router" link set tap up
    on router nft -f - <<EOF
table netdev mirror {
  chain copy {
    type filter hook ingress devices = { $(hosts | paste -sd,) } priority filter; policy accept;
    dup to "span"
  }
}
EOF
}

network_up() {
    local host mac addresses addresses6
    make_namespace router
    on router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    while read -r host mac addresses addresses6; do
        [ -n "$host" ] || continue
        make_namespace "$host"
        connect "$host" "$mac" "$addresses" "$addresses6"
    done <<<"$HOSTS"
    mirror
}

# Ends whatever runs in our namespaces, and removes them.
network_down() {
    local name
    for name in $(hosts) router; do
        ip netns pids "$PREFIX$name" 2>/dev/null | xargs -r kill 2>/dev/null || true
    done
    for name in $(hosts) router; do
        ip netns del "$PREFIX$name" 2>/dev/null || true
    done
}
