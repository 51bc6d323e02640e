# verdicts.awk: the rows of `sluice replay -o csv`, counted by flow and verdict.
#
#   sluice replay -f FLEET -r CAPTURE -o csv | awk -f captures/recording/verdicts.awk
#
# Columns: packets, protocol, source and its port, destination and its port, the interface and
# direction that decided, decision, reason, rule. `-` is nothing, `*` any port from 32768 on.
BEGIN {
    FS = ","
    OFS = "\t"
}

function shown(text) { return text == "" ? "-" : text }
function port(number) { return number >= 32768 ? "*" : shown(number) }

NR > 1 {
    flow = shown($6) OFS shown($7) OFS port($8) OFS shown($9) OFS port($10)
    count[flow OFS shown($4) OFS shown($5) OFS $11 OFS $12 OFS shown($13)]++
}

END {
    for (line in count) print count[line], line | "LC_ALL=C sort -k 2"
}
