#define _GNU_SOURCE
#include "clinux_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// The numbers of what is looked at, by architecture, from the kernel's tables (arch/*/…/syscall*.tbl and
// include/uapi/asm-generic/unistd.h). io_uring came after the tables were joined: 425 to 427 everywhere.
struct architecture {
    uint32_t audit;
    // Bits that do not tell calls apart: x32 is x86-64 with one more.
    uint32_t flag;
    int32_t socket, socketpair, setsockopt, socketcall;
    int32_t add_key, request_key, keyctl, userfaultfd;
};

static const struct architecture architectures[] = {
    {AUDIT_ARCH_X86_64, 0x40000000, 41, 53, 54, -1, 248, 249, 250, 323},
    {AUDIT_ARCH_I386, 0, 359, 360, 366, 102, 286, 287, 288, 374},
    {AUDIT_ARCH_AARCH64, 0, 198, 199, 208, -1, 217, 218, 219, 282},
    {AUDIT_ARCH_ARM, 0, 281, 288, 294, -1, 309, 310, 311, 388},
};

static const int32_t io_uring[] = {425, 426, 427};

// SOL_TCP's TCP_ULP, which hands a connection to another protocol of the kernel's, such as TLS.
enum { TCP_UPPER_LAYER = 31 };

// Where instructions jump to before their distance is known.
enum label { NEXT, ALLOW, NO_CALL, SOCKET, PAIR, OPTION, NO_FAMILY, NO_PROTOCOL, NO_LAYER, LABELS };

struct assembler {
    struct sock_filter *instructions;
    uint8_t targets[CLINUX_FILTER_MAX];
    size_t count;
    size_t places[LABELS];
};

static void add(struct assembler *to, uint16_t code, uint32_t value) {
    to->targets[to->count] = NEXT;
    to->instructions[to->count++] = (struct sock_filter)BPF_STMT(code, value);
}

static void load(struct assembler *to, size_t offset) { add(to, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset); }

// The lower half of an argument: the kernel takes these as `int`, whatever the upper half says. Both machines are
// little-endian.
static void load_argument(struct assembler *to, size_t index) {
    load(to, offsetof(struct seccomp_data, args) + index * sizeof(uint64_t));
}

// Goes to `label` when what was loaded has this value, else on.
static void when(struct assembler *to, uint32_t value, enum label label) {
    add(to, BPF_JMP | BPF_JEQ | BPF_K, value);
    to->targets[to->count - 1] = label;
}

static void finish_with(struct assembler *to, uint32_t action) { add(to, BPF_RET | BPF_K, action); }

static void place(struct assembler *to, enum label label) { to->places[label] = to->count; }

// What a call of one architecture comes to.
static void add_architecture(struct assembler *to, const struct architecture *of) {
    load(to, offsetof(struct seccomp_data, arch));
    add(to, BPF_JMP | BPF_JEQ | BPF_K, of->audit);
    size_t test = to->count - 1;
    load(to, offsetof(struct seccomp_data, nr));
    if (of->flag != 0) add(to, BPF_ALU | BPF_AND | BPF_K, ~of->flag);
    when(to, (uint32_t)of->socket, SOCKET);
    when(to, (uint32_t)of->setsockopt, OPTION);
    when(to, (uint32_t)of->socketpair, PAIR);
    for (size_t i = 0; i < sizeof io_uring / sizeof *io_uring; i++) when(to, (uint32_t)io_uring[i], NO_CALL);
    when(to, (uint32_t)of->userfaultfd, NO_CALL);
    when(to, (uint32_t)of->add_key, NO_CALL);
    when(to, (uint32_t)of->request_key, NO_CALL);
    when(to, (uint32_t)of->keyctl, NO_CALL);
    // Its arguments lie in memory, where no filter can look; the calls that it stands for exist besides.
    if (of->socketcall >= 0) when(to, (uint32_t)of->socketcall, NO_CALL);
    finish_with(to, SECCOMP_RET_ALLOW);
    to->instructions[test].jf = (uint8_t)(to->count - test - 1);
}

static void add_families(struct assembler *to) {
    load_argument(to, 0);
    when(to, AF_UNIX, ALLOW);
    when(to, AF_INET, ALLOW);
    when(to, AF_INET6, ALLOW);
}

size_t clinux_filter_program(struct sock_filter *instructions) {
    struct assembler to = {.instructions = instructions};
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
        add_architecture(&to, &architectures[i]);
    }
    // No kernel that runs this program has another.
    finish_with(&to, SECCOMP_RET_KILL_PROCESS);
    place(&to, SOCKET);
    add_families(&to);
    add(&to, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK);
    to.instructions[to.count - 1].jf = 3;
    load_argument(&to, 2);
    when(&to, NETLINK_ROUTE, ALLOW);
    finish_with(&to, SECCOMP_RET_ERRNO | EPROTONOSUPPORT);
    place(&to, NO_FAMILY);
    finish_with(&to, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    place(&to, PAIR);
    add_families(&to);
    finish_with(&to, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    place(&to, OPTION);
    load_argument(&to, 1);
    add(&to, BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP);
    to.instructions[to.count - 1].jf = 2;
    load_argument(&to, 2);
    when(&to, TCP_UPPER_LAYER, NO_LAYER);
    place(&to, ALLOW);
    finish_with(&to, SECCOMP_RET_ALLOW);
    place(&to, NO_LAYER);
    finish_with(&to, SECCOMP_RET_ERRNO | ENOENT);
    place(&to, NO_CALL);
    finish_with(&to, SECCOMP_RET_ERRNO | ENOSYS);
    for (size_t i = 0; i < to.count; i++) {
        if (to.targets[i] != NEXT) to.instructions[i].jt = (uint8_t)(to.places[to.targets[i]] - i - 1);
    }
    return to.count;
}

int clinux_install_filter(void) {
#if defined(__x86_64__) || defined(__aarch64__)
    struct sock_filter instructions[CLINUX_FILTER_MAX];
    struct sock_fprog program = {.filter = instructions};
    program.len = (unsigned short)clinux_filter_program(instructions);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    // Without the flag, kernels before 5.16 also switch off speculation, which costs handlers time. Those before 4.17 do
    // not know it.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0) return 0;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
#else
    errno = ENOSYS;
    return -1;
#endif
}
