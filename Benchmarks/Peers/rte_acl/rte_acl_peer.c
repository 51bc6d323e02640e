/*
 * DPDK's rte_acl as a peer of the benchmark suite: a process that is sent rules and headers on
 * standard input, and times or answers them on request.
 *
 * A request is two 32-bit numbers, what is asked and a count, and then what the table says; all
 * numbers are in the machine's order. Addresses are 16 bytes in network order, an IPv4 address in
 * the first four of them.
 *
 *     request   count     with it                         answer
 *     RULES     of rules  address bits (32 or 128), then  error (0: built), nanoseconds to
 *                         the rules                       build, bytes of tables
 *     HEADERS   of them   the headers                     none
 *     METHODS   -         -                               a bit for each method that runs here
 *     TIME      method    -                               nanoseconds of one pass over the headers
 *     DECIDE    method    -                               an index of a rule for each header, or -1
 *
 * A pass is timed in the thread's processor time, as the suite times its own: the machine may be
 * shared. It decides bursts of 256 headers that stand in memory in network order.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_acl.h>
#include <rte_eal.h>
#include <rte_malloc.h>

enum request { RULES = 1, HEADERS, METHODS, TIME, DECIDE };

enum { BURST = 256, MEGABYTES = 4096 };

struct rule_record {
    uint8_t source[16], destination[16];
    uint8_t source_length, destination_length;
    uint8_t protocol, any_protocol;
    uint16_t source_low, source_high, destination_low, destination_high;
};

struct header_record {
    uint8_t source[16], destination[16];
    uint16_t source_port, destination_port;
    uint8_t protocol, unused[3];
};

_Static_assert(sizeof(struct rule_record) == 44, "as the suite sends it");
_Static_assert(sizeof(struct header_record) == 40, "as the suite sends it");

/* What rte_acl looks at: every field begins on a word of its own but the two ports. */
struct key4 {
    uint8_t protocol, unused[3];
    uint32_t source, destination;
    uint16_t source_port, destination_port;
};

struct key6 {
    uint8_t protocol, unused[3];
    uint32_t source[4], destination[4];
    uint16_t source_port, destination_port;
};

enum { MOST_FIELDS = 11 };

RTE_ACL_RULE_DEF(widest_rule, MOST_FIELDS);

static const enum rte_acl_classify_alg methods[] = {
    RTE_ACL_CLASSIFY_SCALAR, RTE_ACL_CLASSIFY_SSE, RTE_ACL_CLASSIFY_AVX2,
    RTE_ACL_CLASSIFY_AVX512X16, RTE_ACL_CLASSIFY_AVX512X32,
};

enum { METHOD_COUNT = sizeof methods / sizeof *methods };

static struct rte_acl_ctx *context;
static uint32_t address_words;

static uint32_t header_count;
static uint8_t *keys;
static const uint8_t **key_places;
static uint32_t *results;

/* The suite reads answers from here; standard output is left to whatever DPDK prints. */
static int answers = STDOUT_FILENO;

static void fail(const char *what)
{
    fprintf(stderr, "rte_acl peer: %s\n", what);
    exit(EXIT_FAILURE);
}

static void *allocate(size_t count, size_t size)
{
    void *room = calloc(count ? count : 1, size);
    if (room == NULL)
        fail("out of memory");
    return room;
}

static void receive(void *room, size_t size)
{
    if (size > 0 && fread(room, size, 1, stdin) != 1)
        fail("a request is cut off");
}

static void answer(const void *bytes, size_t size)
{
    const char *rest = bytes;
    while (size > 0) {
        ssize_t written = write(answers, rest, size);
        if (written < 0 && errno != EINTR)
            fail("nobody reads the answers");
        if (written > 0) {
            rest += written;
            size -= (size_t)written;
        }
    }
}

static uint64_t thread_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t heap_bytes(void)
{
    struct rte_malloc_socket_stats stats;
    return rte_malloc_get_socket_stats(0, &stats) == 0 ? stats.heap_allocsz_bytes : 0;
}

/* Fields: the protocol, the words of both addresses, the two ports. */
static uint32_t field_count(void) { return 3 + 2 * address_words; }

static size_t key_size(void)
{
    return address_words == 1 ? sizeof(struct key4) : sizeof(struct key6);
}

static void define_fields(struct rte_acl_config *config)
{
    uint32_t addresses = 2 * address_words;
    uint32_t ports = offsetof(struct key4, source) + 4 * addresses;

    memset(config, 0, sizeof *config);
    config->num_categories = 1;
    config->num_fields = field_count();
    config->defs[0] = (struct rte_acl_field_def){RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, 0};
    for (uint32_t word = 1; word <= addresses; word++)
        config->defs[word] =
            (struct rte_acl_field_def){RTE_ACL_FIELD_TYPE_MASK, 4, word, word, 4 * word};
    for (uint32_t port = 0; port < 2; port++)
        config->defs[1 + addresses + port] = (struct rte_acl_field_def){
            RTE_ACL_FIELD_TYPE_RANGE, 2, 1 + addresses + port, 1 + addresses, ports + 2 * port};
}

/* A prefix is given word by word: rte_acl masks each by its share of the length. */
static void set_address(struct rte_acl_field *fields, const uint8_t *address, int length)
{
    for (uint32_t word = 0; word < address_words; word++, length -= 32) {
        uint32_t value;
        memcpy(&value, address + 4 * word, sizeof value);
        fields[word].value.u32 = ntohl(value);
        fields[word].mask_range.u32 = length < 0 ? 0 : length > 32 ? 32 : (uint32_t)length;
    }
}

static void set_rule(struct widest_rule *rule, const struct rule_record *record, uint32_t place)
{
    struct rte_acl_field *ports = &rule->field[1 + 2 * address_words];

    rule->data.category_mask = 1;
    rule->data.priority = (int32_t)(RTE_ACL_MAX_PRIORITY - place);
    rule->data.userdata = place + 1;
    rule->field[0].value.u8 = record->any_protocol ? 0 : record->protocol;
    rule->field[0].mask_range.u8 = record->any_protocol ? 0 : UINT8_MAX;
    set_address(&rule->field[1], record->source, record->source_length);
    set_address(&rule->field[1 + address_words], record->destination, record->destination_length);
    ports[0].value.u16 = record->source_low;
    ports[0].mask_range.u16 = record->source_high;
    ports[1].value.u16 = record->destination_low;
    ports[1].mask_range.u16 = record->destination_high;
}

static int add_rules(uint32_t count)
{
    size_t rule_size = RTE_ACL_RULE_SZ(field_count());
    uint8_t *rules = allocate(count, rule_size);

    for (uint32_t place = 0; place < count; place++) {
        struct rule_record record;
        receive(&record, sizeof record);
        struct widest_rule rule = {0};
        set_rule(&rule, &record, place);
        memcpy(rules + place * rule_size, &rule, rule_size);
    }
    int error = rte_acl_add_rules(context, (const struct rte_acl_rule *)rules, count);
    free(rules);
    return error;
}

static void take_rules(uint32_t count)
{
    uint32_t address_bits;
    receive(&address_bits, sizeof address_bits);
    address_words = address_bits / 32;

    rte_acl_free(context);
    struct rte_acl_param parameters = {
        .name = "peer", .socket_id = SOCKET_ID_ANY, .max_rule_num = count ? count : 1,
        .rule_size = RTE_ACL_RULE_SZ(field_count())};
    context = rte_acl_create(&parameters);
    if (context == NULL)
        fail("rte_acl_create refuses");

    int32_t error = add_rules(count);
    uint64_t bytes_before = heap_bytes(), start = thread_nanoseconds();
    if (error == 0) {
        struct rte_acl_config config;
        define_fields(&config);
        error = rte_acl_build(context, &config);
    }
    uint64_t figures[] = {thread_nanoseconds() - start, heap_bytes() - bytes_before};
    answer(&error, sizeof error);
    answer(figures, sizeof figures);
}

static void set_key(uint8_t *place, const struct header_record *header)
{
    size_t address_bytes = 4 * address_words;
    uint16_t ports[] = {htons(header->source_port), htons(header->destination_port)};

    memset(place, 0, key_size());
    place[0] = header->protocol;
    memcpy(place + 4, header->source, address_bytes);
    memcpy(place + 4 + address_bytes, header->destination, address_bytes);
    memcpy(place + 4 + 2 * address_bytes, ports, sizeof ports);
}

static void take_headers(uint32_t count)
{
    free(keys);
    free(key_places);
    free(results);
    header_count = count;
    keys = allocate(count, key_size());
    key_places = allocate(count, sizeof *key_places);
    results = allocate(count, sizeof *results);
    for (uint32_t place = 0; place < count; place++) {
        struct header_record header;
        receive(&header, sizeof header);
        key_places[place] = keys + place * key_size();
        set_key(keys + place * key_size(), &header);
    }
}

static void report_methods(void)
{
    uint32_t available = 0;
    for (uint32_t method = 0; method < METHOD_COUNT; method++)
        if (rte_acl_set_ctx_classify(context, methods[method]) == 0)
            available |= 1u << method;
    answer(&available, sizeof available);
}

static void decide_all(uint32_t method)
{
    if (method >= METHOD_COUNT || rte_acl_set_ctx_classify(context, methods[method]) != 0)
        fail("a method that is not there");
    for (uint32_t first = 0; first < header_count; first += BURST) {
        uint32_t rest = header_count - first;
        rte_acl_classify(context, key_places + first, results + first, rest < BURST ? rest : BURST, 1);
    }
}

static void report_time(uint32_t method)
{
    uint64_t start = thread_nanoseconds();
    decide_all(method);
    uint64_t elapsed = thread_nanoseconds() - start;
    answer(&elapsed, sizeof elapsed);
}

static void report_decisions(uint32_t method)
{
    decide_all(method);
    /* User data counts rules from 1, and 0 is no match. */
    for (uint32_t place = 0; place < header_count; place++)
        results[place] -= 1;
    answer(results, header_count * sizeof *results);
}

static void serve(uint32_t request, uint32_t count)
{
    switch (request) {
    case RULES: take_rules(count); break;
    case HEADERS: take_headers(count); break;
    case METHODS: report_methods(); break;
    case TIME: report_time(count); break;
    case DECIDE: report_decisions(count); break;
    default: fail("a request that is not known");
    }
}

int main(void)
{
    char megabytes[16];
    snprintf(megabytes, sizeof megabytes, "%d", MEGABYTES);
    char *arguments[] = {
        "rte_acl_peer", "--no-huge", "--no-pci", "--no-shconf", "--no-telemetry",
        "--log-level=1", "--force-max-simd-bitwidth=512", "-m", megabytes,
    };

    answers = dup(STDOUT_FILENO);
    if (answers < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        fail("no standard output");
    if (rte_eal_init(sizeof arguments / sizeof *arguments, arguments) < 0)
        fail("DPDK does not start");

    uint32_t request[2];
    while (fread(request, sizeof request, 1, stdin) == 1)
        serve(request[0], request[1]);
    return EXIT_SUCCESS;
}
