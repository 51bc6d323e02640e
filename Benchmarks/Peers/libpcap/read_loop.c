/* read_loop CAPTURE: reads all packets with libpcap, looks at their lengths alone, and prints packets a second.
   read_loop -t CAPTURE: reads the file's bytes instead, and prints bytes a second: the time to touch them.
   cc -O2 read_loop.c -o read_loop -lpcap */
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int touch(const char *path) {
    static uint64_t buffer[1 << 15];
    int file = open(path, O_RDONLY);
    if (file < 0) return perror(path), 2;
    double start = seconds();
    uint64_t sum = 0, total = 0;
    ssize_t count;
    while ((count = read(file, buffer, sizeof buffer)) > 0) {
        for (ssize_t index = 0; index < count / 8; index++) sum += buffer[index];
        total += (uint64_t)count;
    }
    double elapsed = seconds() - start;
    printf("%llu bytes in %.3f s, %.0f bytes/s (sum %llx)\n", (unsigned long long)total, elapsed,
           (double)total / elapsed, (unsigned long long)sum);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "-t") == 0) return touch(arguments[2]);
    if (count != 2) return fprintf(stderr, "usage: read_loop [-t] CAPTURE\n"), 2;
    char problem[PCAP_ERRBUF_SIZE];
    double start = seconds();
    pcap_t *capture = pcap_open_offline(arguments[1], problem);
    if (!capture) return fprintf(stderr, "%s\n", problem), 2;
    struct pcap_pkthdr *header;
    const u_char *bytes;
    uint64_t packets = 0, length = 0;
    while (pcap_next_ex(capture, &header, &bytes) == 1) packets++, length += header->len;
    double elapsed = seconds() - start;
    printf("%llu packets in %.3f s, %.0f packets/s (%llu bytes)\n", (unsigned long long)packets, elapsed,
           (double)packets / elapsed, (unsigned long long)length);
    return 0;
}
