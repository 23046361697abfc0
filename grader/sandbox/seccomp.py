"""Filters of system calls for student code on x86-64, as the bytes that Linux reads.

`program` is what bubblewrap hands to the kernel. It is a list of what is allowed: files, memory, signals, processes,
waiting, and local sockets. All
else does not exist (`ENOSYS`), so that libraries fall back to what does: what kernel exploits are made of, memory that
evades the limits of processes (vmsplice, inotify), what belongs to the whole machine (io_setup), and every call that a
later kernel brings. What is known to be asked for by those who want more is refused by name (`EPERM`). The list was found
by running the chapters under strace, and closed under plain variants of the same calls, which another C library takes.

`program_without_namespaces` has to do more, because nothing else stands between the code and the user that it runs as:
no new sockets, no signals to others, no changed attributes of files, nothing opened for writing.

Numbers are from the Linux x86-64 table (``arch/x86/entry/syscalls/syscall_64.tbl``); the program's form is
described in seccomp(2) and in Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

ALLOWED = {
    # files
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "pread64": 17,
    "pwrite64": 18, "readv": 19, "writev": 20, "preadv": 295, "pwritev": 296, "preadv2": 327, "pwritev2": 328,
    "access": 21, "faccessat": 269, "faccessat2": 439, "dup": 32, "dup2": 33, "dup3": 292, "fcntl": 72, "flock": 73,
    "fsync": 74, "fdatasync": 75, "sync_file_range": 277, "truncate": 76, "ftruncate": 77, "fallocate": 285,
    "getdents": 78, "getdents64": 217, "getcwd": 79, "chdir": 80, "fchdir": 81, "rename": 82, "renameat": 264,
    "renameat2": 316, "mkdir": 83, "mkdirat": 258, "rmdir": 84, "creat": 85, "link": 86, "linkat": 265, "unlink": 87,
    "unlinkat": 263, "symlink": 88, "symlinkat": 266, "readlink": 89, "readlinkat": 267, "chmod": 90, "fchmod": 91,
    "fchmodat": 268, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260, "umask": 95, "utime": 132,
    "utimes": 235, "futimesat": 261, "utimensat": 280, "statfs": 137, "fstatfs": 138, "fadvise64": 221,
    "readahead": 187, "openat": 257, "newfstatat": 262, "statx": 332, "close_range": 436, "sendfile": 40,
    "copy_file_range": 326, "getxattr": 191, "lgetxattr": 192, "fgetxattr": 193, "listxattr": 194, "llistxattr": 195,
    "flistxattr": 196, "ioctl": 16, "openat2": 437,
    # waiting
    "poll": 7, "ppoll": 271, "select": 23, "pselect6": 270, "pipe": 22, "pipe2": 293, "epoll_create": 213,
    "epoll_create1": 291, "epoll_ctl": 233, "epoll_wait": 232, "epoll_pwait": 281, "eventfd": 284, "eventfd2": 290,
    "timerfd_create": 283, "timerfd_settime": 286, "timerfd_gettime": 287, "signalfd": 282, "signalfd4": 289,
    "nanosleep": 35, "clock_nanosleep": 230, "pause": 34, "alarm": 37, "getitimer": 36, "setitimer": 38,
    "timer_create": 222, "timer_settime": 223, "timer_gettime": 224, "timer_getoverrun": 225, "timer_delete": 226,
    "restart_syscall": 219,
    # memory
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "msync": 26, "mincore": 27, "madvise": 28,
    "membarrier": 324, "get_mempolicy": 239, "mbind": 237, "rseq": 334,
    # signals
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "rt_sigpending": 127, "rt_sigtimedwait": 128,
    "rt_sigqueueinfo": 129, "rt_sigsuspend": 130, "rt_tgsigqueueinfo": 297, "sigaltstack": 131, "kill": 62,
    "tkill": 200, "tgkill": 234, "pidfd_open": 434, "pidfd_send_signal": 424,
    # processes
    "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "exit": 60, "exit_group": 231, "wait4": 61, "waitid": 247,
    "uname": 63, "prctl": 157, "arch_prctl": 158, "getpid": 39, "getppid": 110, "gettid": 186, "getuid": 102,
    "geteuid": 107, "getgid": 104, "getegid": 108, "getresuid": 118, "getresgid": 120, "getgroups": 115,
    "setsid": 112, "getsid": 124, "setpgid": 109, "getpgid": 121, "getpgrp": 111, "setgroups": 116, "setresuid": 117,
    "setresgid": 119, "capget": 125, "set_tid_address": 218, "set_robust_list": 273, "get_robust_list": 274,
    "futex": 202, "sched_yield": 24, "sched_getaffinity": 204, "sched_setaffinity": 203, "sched_getparam": 143,
    "sched_getscheduler": 145, "sched_setscheduler": 144, "sched_get_priority_max": 146,
    "sched_get_priority_min": 147, "getpriority": 140, "setpriority": 141, "getrlimit": 97, "setrlimit": 160,
    "prlimit64": 302, "getrusage": 98, "times": 100, "sysinfo": 99, "getcpu": 309, "getrandom": 318, "time": 201,
    "gettimeofday": 96, "clock_gettime": 228, "clock_getres": 229,
    # sockets
    "socket": 41, "socketpair": 53, "bind": 49, "connect": 42, "listen": 50, "accept": 43, "accept4": 288,
    "getsockname": 51, "getpeername": 52, "sendto": 44, "recvfrom": 45, "sendmsg": 46, "recvmsg": 47, "sendmmsg": 307,
    "recvmmsg": 299, "shutdown": 48, "setsockopt": 54, "getsockopt": 55,
}  # fmt: skip
"""By their names, all calls that there are for student code."""
DENIED = {
    "ptrace": 101, "syslog": 103, "personality": 135, "vhangup": 153, "pivot_root": 155, "chroot": 161,
    "acct": 163, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169, "iopl": 172,
    "ioperm": 173, "init_module": 175, "delete_module": 176, "quotactl": 179, "lookup_dcookie": 212,
    "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272,
    "perf_event_open": 298, "name_to_handle_at": 303, "open_by_handle_at": 304, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320,
    "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_getfd": 438, "mount_setattr": 442,
    # Memory that belongs to no process, so that the limit on memory would not see it.
    "vmsplice": 278, "splice": 275, "tee": 276, "inotify_init": 253, "inotify_add_watch": 254, "inotify_init1": 294,
    "fanotify_init": 300, "fanotify_mark": 301, "io_setup": 206, "io_submit": 209,
    "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240, "memfd_create": 319, "memfd_secret": 447,
}  # fmt: skip
DENIED_WITHOUT_NAMESPACES = DENIED | {
    # Others of the same user: signals, priorities, memory, shared segments.
    "tkill": 200, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "pidfd_send_signal": 424, "pidfd_open": 434,
    "setpriority": 141, "sched_setparam": 142, "sched_setaffinity": 203, "sched_setattr": 314,
    "ioprio_set": 251, "migrate_pages": 256, "move_pages": 279, "process_madvise": 440, "process_mrelease": 448,
    "shmat": 30, "shmctl": 31, "semop": 65, "semctl": 66, "semtimedop": 220, "msgsnd": 69, "msgrcv": 70, "msgctl": 71,
    "mq_unlink": 241, "mq_notify": 244,
    # Sockets: Landlock cannot keep anybody from those of the host that have a path, such as D-Bus or Docker.
    "socket": 41, "connect": 42, "bind": 49, "listen": 50,
    # Files: Landlock does not look at attributes; and there is no file system of a size of its own.
    "chmod": 90, "fchmod": 91, "fchmodat": 268, "fchmodat2": 452, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260,
    "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
    "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199, "setxattrat": 463, "removexattrat": 466,
    "truncate": 76, "creat": 85, "mkdir": 83, "mkdirat": 258, "mknod": 133, "mknodat": 259, "link": 86, "linkat": 265,
    "symlink": 88, "symlinkat": 266, "rename": 82, "renameat": 264, "renameat2": 316, "unlink": 87, "unlinkat": 263,
    "rmdir": 84, "fallocate": 285,
}  # fmt: skip
CLONE, CLONE3, SOCKET = 56, 435, 41
OPEN, OPENAT, OPENAT2, KILL_CALL, TGKILL, PRLIMIT, FCNTL, IOCTL, SOCKETPAIR, SET_SCHEDULER = (
    2, 257, 437, 62, 234, 302, 72, 16, 53, 144,
)  # fmt: skip
NEW_NAMESPACES = 0x7E020000
FAMILIES = (
    1,
    16,
)  # local, netlink (libzmq aborts without it); TCP to oneself would hold megabytes of nobody's in its buffers
WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000  # write only, read and write, create, truncate, unnamed file
OWNERS = (8, 10, 15)  # fcntl: F_SETOWN, F_SETSIG, F_SETOWN_EX, which send signals to others
LARGER_PIPE = 1031  # fcntl: F_SETPIPE_SZ
SETSOCKOPT, LARGER_SOCKET = 54, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and both by force
CONTROLS = (0x8901, 0x8902, 0x5412)  # ioctl: FIOSETOWN, SIOCSPGRP, TIOCSTI
OWN_PID = 0x7FFFFFF1
"""Stands in `program_without_namespaces` for the process that installs it."""
X86_64, X32_BIT = 0xC000003E, 0x40000000

LOAD, AND, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_SET, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, EACCES, ENOSYS, EAFNOSUPPORT = 1, 13, 38, 97
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data

Line = tuple[int, int, int, int]


def program() -> bytes:
    """The filter beside namespaces, as an array of ``struct sock_filter``."""
    lines = [*_beginning(), *_denied(DENIED.values()), *_clone()]
    lines += _unless_one_of(SOCKET, 0, FAMILIES, EAFNOSUPPORT)
    lines += _if_one_of(FCNTL, 1, (LARGER_PIPE,), EPERM)
    lines += _if_one_of(SETSOCKOPT, 2, LARGER_SOCKET, EPERM)
    return _packed([*lines, *_allowed(ALLOWED)])


def program_without_namespaces() -> bytes:
    """The filter where there are no namespaces; `OWN_PID` in it is still to be replaced by a process id."""
    lines = [*_beginning(), *_denied(DENIED_WITHOUT_NAMESPACES.values()), *_clone()]
    lines += [(JUMP_EQUAL, 0, 1, OPENAT2), (RETURN, 0, 0, REFUSE | ENOSYS)]
    # libzmq's threads set the ordinary policy, which they have already, and end the process if that is refused.
    lines += _unless_one_of(SET_SCHEDULER, 1, (0,), EPERM)
    for number, argument in ((OPEN, 1), (OPENAT, 2)):
        lines += [
            (JUMP_EQUAL, 0, 4, number),
            (LOAD, 0, 0, FIRST_ARGUMENT + 8 * argument),
            (JUMP_SET, 0, 1, WRITES),
            (RETURN, 0, 0, REFUSE | EACCES),
            (RETURN, 0, 0, ALLOW),
        ]
    lines += _unless_one_of(KILL_CALL, 0, (OWN_PID,), EPERM)
    lines += _unless_one_of(TGKILL, 0, (OWN_PID,), EPERM)
    lines += _unless_one_of(PRLIMIT, 0, (0, OWN_PID), EPERM)
    lines += _if_one_of(FCNTL, 1, (*OWNERS, LARGER_PIPE), EPERM)
    lines += _if_one_of(SETSOCKOPT, 2, LARGER_SOCKET, EPERM)
    lines += _if_one_of(IOCTL, 1, CONTROLS, EPERM)
    # Pairs of connected streams are what asyncio wakes itself with; datagrams could be sent to any path.
    lines += [
        (JUMP_EQUAL, 0, 5, SOCKETPAIR),
        (LOAD, 0, 0, FIRST_ARGUMENT + 8),
        (AND, 0, 0, 0xF),
        (JUMP_EQUAL, 1, 0, 1),
        (RETURN, 0, 0, REFUSE | EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    return _packed([*lines, *_allowed(ALLOWED.keys() - DENIED_WITHOUT_NAMESPACES)])


def _beginning() -> list[Line]:
    return [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, X86_64),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL),
    ]


def _denied(numbers: Iterable[int]) -> list[Line]:
    lines: list[Line] = []
    for number in numbers:
        lines += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE | EPERM)]
    return lines


def _allowed(names: Iterable[str]) -> list[Line]:
    lines: list[Line] = []
    for number in sorted(ALLOWED[name] for name in names):
        lines += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    return lines


def _clone() -> list[Line]:
    # The C library falls back to clone, whose flags can be looked at, when clone3 does not exist.
    return [
        (JUMP_EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, REFUSE | ENOSYS),
        (JUMP_EQUAL, 0, 4, CLONE),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_SET, 0, 1, NEW_NAMESPACES),
        (RETURN, 0, 0, REFUSE | EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def _unless_one_of(number: int, argument: int, values: tuple[int, ...], error: int) -> list[Line]:
    """Refuse a call unless an argument has one of some values."""
    n = len(values)
    return [
        (JUMP_EQUAL, 0, 3 + n, number),
        (LOAD, 0, 0, FIRST_ARGUMENT + 8 * argument),
        *[(JUMP_EQUAL, n - i, 0, value) for i, value in enumerate(values)],
        (RETURN, 0, 0, REFUSE | error),
        (RETURN, 0, 0, ALLOW),
    ]


def _if_one_of(number: int, argument: int, values: tuple[int, ...], error: int) -> list[Line]:
    """Refuse a call if an argument has one of some values."""
    n = len(values)
    return [
        (JUMP_EQUAL, 0, 3 + n, number),
        (LOAD, 0, 0, FIRST_ARGUMENT + 8 * argument),
        *[(JUMP_EQUAL, n - i, 0, value) for i, value in enumerate(values)],
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE | error),
    ]


def _packed(lines: list[Line]) -> bytes:
    return b"".join(struct.pack("HBBI", *line) for line in [*lines, (RETURN, 0, 0, REFUSE | ENOSYS)])
