// libpcap's savefile interface, for the Captures target alone.
#include <pcap/pcap.h>
