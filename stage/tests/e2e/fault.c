/* Runs a command and lets something happen at its nth change of a file system.
 *
 *     fault REPORT ACTION N COMMAND…
 *
 * Every system call that changes a file system is counted, those of all
 * children and threads included, before it is carried out. At the Nth:
 *   kill    all processes are killed at once; exit status 137
 *   int     all are sent SIGINT, as by Ctrl-C, and go on if they want
 *   full    it fails for want of space, and so does each that follows and
 *           needs any (what only removes or renames succeeds)
 *   run     the shell command in FAULT_RUN is run meanwhile
 * N = 0 only counts. REPORT gets the number of changes that were seen.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/elf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* Linux and the C libraries call it differently. */
struct call {
    unsigned char what;
    unsigned char pad[3];
    unsigned int processor;
    unsigned long long instruction, stack, number, args[6];
    unsigned int data;
};
#define GET_CALL 0x420e /* PTRACE_GET_SYSCALL_INFO */

enum { OPEN = 1, OPENAT, WRITE, MAKE, OTHER };

static const struct { int number, kind; } CALLS[] = {
#ifdef SYS_open
    { SYS_open, OPEN }, { SYS_creat, MAKE }, { SYS_rename, OTHER }, { SYS_link, MAKE }, { SYS_symlink, MAKE },
    { SYS_unlink, OTHER }, { SYS_rmdir, OTHER }, { SYS_mkdir, MAKE }, { SYS_chmod, OTHER },
#endif
#ifdef SYS_renameat
    { SYS_renameat, OTHER },
#endif
    { SYS_openat, OPENAT }, { SYS_write, WRITE }, { SYS_pwrite64, WRITE }, { SYS_writev, WRITE },
    { SYS_copy_file_range, OTHER }, { SYS_ftruncate, OTHER }, { SYS_truncate, OTHER }, { SYS_renameat2, OTHER },
    { SYS_linkat, MAKE }, { SYS_symlinkat, MAKE }, { SYS_unlinkat, OTHER }, { SYS_mkdirat, MAKE },
    { SYS_fchmod, OTHER }, { SYS_fchmodat, OTHER }, { SYS_utimensat, OTHER },
};
enum { COUNT = sizeof CALLS / sizeof *CALLS, MOST = 4096 };

static pid_t there[MOST];
static int living;

static void stop(const char *what) {
    perror(what);
    exit(125);
}

/* Only the calls above stop; all others run at full speed. */
static void filter(void) {
    struct sock_filter code[2 * COUNT + 2];
    int at = 0;
    code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < COUNT; i++) {
        code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS[i].number, 0, 1);
        code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }
    code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { at, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        stop("seccomp");
}

static int is_device(pid_t pid, unsigned long address) {
    char text[6] = "";
    struct iovec here = { text, 5 }, its = { (void *)address, 5 };
    return process_vm_readv(pid, &here, 1, &its, 1, 0) == 5 && !memcmp(text, "/dev/", 5);
}

/* Pipes, sockets and terminals are no file system. */
static int is_file(pid_t pid, int fd) {
    char name[64], target[8] = "";
    snprintf(name, sizeof name, "/proc/%d/fd/%d", pid, fd);
    return readlink(name, target, 7) > 0 && target[0] == '/' && strncmp(target, "/dev/", 5);
}

/* 0: changes nothing; else 1, or 2 if it needs space. */
static int changes(pid_t pid, const struct call *call) {
    const unsigned long long *args = call->args;
    int kind = 0;
    for (int i = 0; i < COUNT; i++)
        if (call->number == (unsigned)CALLS[i].number) kind = CALLS[i].kind;
    int at = kind == OPENAT;
    switch (kind) {
    case OPEN:
    case OPENAT:
        if (!(args[at + 1] & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) || is_device(pid, args[at])) return 0;
        return args[at + 1] & O_CREAT ? 2 : 1;
    case WRITE: return is_file(pid, args[0]) ? 2 : 0;
    case MAKE: return 2;
    default: return 1;
    }
}

static void fail_for_want_of_space(pid_t pid) {
    struct user_regs_struct registers;
    struct iovec all = { &registers, sizeof registers };
    if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &all)) stop("getregset");
#if defined(__x86_64__)
    registers.orig_rax = -1;
    registers.rax = -ENOSPC;
#elif defined(__aarch64__)
    int none = -1;
    struct iovec number = { &none, sizeof none };
    if (ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &number)) stop("setregset");
    registers.regs[0] = -ENOSPC;
#else
#error "how a system call is refused on this processor is not written down yet"
#endif
    if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &all)) stop("setregset");
}

static void signal_all(int number) {
    for (int i = 0; i < living; i++) kill(there[i], number);
}

/* Whether it was not known yet. */
static int meet(pid_t pid) {
    for (int i = 0; i < living; i++)
        if (there[i] == pid) return 0;
    if (living == MOST) stop("too many processes");
    there[living++] = pid;
    return 1;
}

static void forget(pid_t pid) {
    for (int i = 0; i < living; i++)
        if (there[i] == pid) there[i] = there[--living];
}

int main(int argc, char **argv) {
    if (argc < 5) return 125;
    const char *action = argv[2];
    long wanted = atol(argv[3]), seen = 0;
    pid_t child = fork();
    if (child < 0) stop("fork");
    if (!child) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) stop("traceme");
        raise(SIGSTOP);
        filter();
        execvp(argv[4], argv + 4);
        stop(argv[4]);
    }
    int status, code = 125, is_killed = 0;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) stop("wait");
    long follow = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE
        | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, child, 0, follow)) stop("setoptions");
    meet(child);
    ptrace(PTRACE_CONT, child, 0, 0);
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL)) > 0) {
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            forget(pid);
            if (pid == child) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        int is_new = meet(pid), number = WSTOPSIG(status), event = status >> 16;
        if (is_killed) {
            kill(pid, SIGKILL);
            continue;
        }
        if (event == PTRACE_EVENT_SECCOMP) {
            struct call call;
            if (ptrace(GET_CALL, pid, sizeof call, &call) <= 0) stop("get_syscall_info");
            int change = changes(pid, &call);
            seen += change != 0;
            if (change && wanted && seen == wanted) {
                if (!strcmp(action, "kill")) {
                    is_killed = 1;
                    signal_all(SIGKILL);
                    continue;
                }
                if (!strcmp(action, "int")) signal_all(SIGINT);
                if (!strcmp(action, "run") && system(getenv("FAULT_RUN"))) stop("FAULT_RUN");
            }
            if (change == 2 && wanted && seen >= wanted && !strcmp(action, "full")) fail_for_want_of_space(pid);
        }
        /* A new process begins with a stop of ours; an event is not a signal. */
        int is_ours = event || number == SIGTRAP || (is_new && number == SIGSTOP);
        ptrace(PTRACE_CONT, pid, 0, is_ours ? 0 : number);
    }
    FILE *report = fopen(argv[1], "w");
    if (!report || fprintf(report, "%ld\n", seen) < 0 || fclose(report)) stop(argv[1]);
    return code;
}
