"""Attacks on the machine: what uses it up, what stays behind, what reaches out of the sandbox."""

from __future__ import annotations

from grader.attacks.attack import Attack, aimed

CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *args):
    ctypes.set_errno(0)
    return "allowed" if libc.syscall(number, *args) >= 0 else os.strerror(ctypes.get_errno())

"""

ON_MACHINE = aimed(
    "machine",
    Attack(
        "fork bomb", "fork", "processes that make processes, until nobody else can start one",
        {"mse": "import os\ndef mse(*a):\n    while True:\n        try: os.fork()\n        except OSError: pass"},
        explains="died|stopped after|memory",
    ),
    Attack(
        "a hundred thousand threads", "fork", "the machine runs out of threads",
        {"mse": """
            import threading, time
            n = 0
            try:
                while n < 100_000:
                    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
                    n += 1
            except RuntimeError as error:
                print("refused after fewer than a hundred:", n < 100)
        """}, shows="refused after fewer than a hundred: True",
    ),
    Attack(
        "sixty busy processes that go on", "fork", "nobody else gets any time of the processors, and runs into the limits",
        {"mse": """
            import subprocess
            for _ in range(50):
                try: subprocess.Popen(["setsid", "sh", "-c", "while :; do :; done"])
                except OSError: break
            print("busy", subprocess.run(["ls", "/proc"], capture_output=True, text=True).stdout.count("\\n") > 60, flush=True)
            import time; time.sleep(100)
        """}, explains="computed at the same time",
    ),
    Attack(
        "a process that outlives its kernel", "fork", "a daemon goes on after the marks are out",
        {"mse": """
            import os, time
            if os.fork() == 0:
                try: os.setsid()
                except OSError: pass
                if os.fork() == 0:
                    time.sleep(1000)
                os._exit(0)
            print("started")
        """}, shows="started",
    ),
    Attack(
        "ten gigabytes", "memory", "the machine swaps, or kills the grader",
        {"mse": """
            print("asks")
            def mse(*a):
                return bytearray(10 << 30)
        """}, shows="asks", explains="MemoryError",
    ),
    Attack(
        "memory spread over processes", "memory", "a limit on each process is no limit on all of them",
        {"mse": """
            import os, time
            for _ in range(20):
                if os.fork() == 0:
                    held = bytearray(400 << 20)
                    time.sleep(100)
            print("forked", flush=True)
            time.sleep(100)
        """}, explains="more than 1500 MB of memory",
    ),
    Attack(
        "shared memory that no process owns", "memory", "System V segments, message queues and memory files stay behind",
        {"mse": CALL + """
print([call(29, 0x5ec, 1 << 30, 0o1666), call(68, 0x5ec, 0o1666), call(64, 0x5ec, 9, 0o1666), call(319, b"x", 0), call(447, 0)])
"""}, shows=r"\[('Operation not permitted'(, )?){5}\]",
    ),
    Attack(
        "memory in the buffers of sockets", "memory", "the kernel holds it, and no process is charged",
        {"mse": """
            import os, socket, time
            print("fills", flush=True)
            for _ in range(50):
                if os.fork() == 0:
                    held = []
                    try:
                        while True:
                            pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                            held.append(pair)
                            for one in pair:
                                one.setblocking(False)
                                try:
                                    while True: one.send(bytes(100_000))
                                except BlockingIOError:
                                    pass
                    except OSError:
                        time.sleep(100)
            time.sleep(100)
        """}, explains="more than 500 sockets and pipes",
    ),
    Attack(
        "every writable place filled", "disk", "the disk of the machine is full",
        {"mse": """
            import os
            total = 0
            for place in ("/tmp", "/job", "/dev/shm", "/ipc", "/var/tmp", "/run", "/dev", "/"):
                for n in range(40):
                    try:
                        with open(f"{place}/@TOKEN@-{n}", "wb") as file:
                            while file.write(bytes(1 << 20)): total += 1
                    except OSError:
                        pass
            print("less than 200 MB:", total < 200)
        """}, shows="less than 200 MB: True",
    ),
    Attack(
        "a file of a terabyte", "disk", "a sparse file is copied in full by whoever collects results",
        {"mse": """
            import os, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            try:
                os.truncate(os.open("/job/@TOKEN@", os.O_CREAT | os.O_WRONLY), 1 << 40)
            except OSError as error:
                print("refused:", error.strerror)
        """}, shows="refused: File too large",
    ),
    Attack(
        "a million empty files", "inodes", "each takes a kilobyte of the kernel's memory, which no process is charged for",
        {"mse": """
            import os, time
            print("makes", flush=True)
            for place in ("/tmp", "/job", "/dev/shm", "/ipc"):
                for n in range(1_000_000):
                    try: os.close(os.open(f"{place}/@TOKEN@-{n}", os.O_CREAT))
                    except OSError: break
            time.sleep(100)
        """}, explains="more than 20000 files",
    ),
    Attack(
        "folders inside folders", "inodes", "whoever removes them recursively runs out of stack",
        {"mse": """
            import os
            os.chdir("/tmp")
            depth = 0
            try:
                while depth < 5000:
                    os.mkdir("@TOKEN@"); os.chdir("@TOKEN@")
                    depth += 1
            except OSError:
                pass
            os.chdir("/")
            print("deep", depth)
        """}, shows=r"deep \d+",
    ),
    Attack(
        "more open files than there may be", "open files", "the machine runs out of descriptors",
        {"mse": """
            import os
            held = []
            try:
                while len(held) < 100_000: held.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                print("fewer than 300:", len(held) < 300)
            for fd in held: os.close(fd)
        """}, shows="fewer than 300: True",
    ),
    Attack(
        "a hundred megabytes of text", "output", "they end in the grader's memory, the notebook and the feedback",
        {"mse": "print('x' * 100_000_000)\ndef mse(*a):\n    return 'x' * 100_000_000"},
    ),
    Attack(
        "a million lines", "output", "each is a message and a line of the page",
        {"mse": "for i in range(300_000): print(i, 'and some more')\ndef mse(*a):\n    return 0.5"},
    ),
    Attack(
        "displays without end", "output", "a limit on lines does not see pictures and data",
        {"mse": """
            from IPython.display import display
            while True: display({"text/plain": "x" * 1_000_000, "image/png": "x" * 100_000}, raw=True)
        """}, explains="far more output",
    ),
    Attack(
        "displays without end, by a function", "output", "what functions show is kept as well",
        {"mse": """
            from IPython.display import display
            def mse(*a):
                while True: display({"text/plain": "x" * 1_000_000, "image/png": "x" * 100_000}, raw=True)
        """}, explains="stopped after",
    ),
    Attack(
        "threads that print for ever", "output", "they go on while other functions are judged",
        {"mse": """
            import threading
            def noise():
                while True: print("x" * 1000)
            for _ in range(4): threading.Thread(target=noise, daemon=True).start()
        """},
    ),
    Attack(
        "endless loop", "time", "the grader waits for ever",
        {"mse": "print('loops')\ndef mse(*a):\n    while True: pass"}, shows="loops", explains="stopped after 5 s",
    ),
    Attack(
        "endless loop that ignores signals", "signals", "an interrupt does not end it",
        {"mse": """
            import signal
            for number in range(1, 32):
                if number not in (9, 19): signal.signal(number, signal.SIG_IGN)
            while True: pass
        """}, explains="stopped after 10 s",
    ),
    Attack(
        "asleep in a call that nothing interrupts", "time", "it uses no processor time, so no limit on it is reached",
        {"mse": """
            import ctypes, signal
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            print("sleeps")
            def mse(*a):
                ctypes.CDLL(None).sleep(100_000)
        """}, shows="sleeps", explains="stopped after 5 s",
    ),
    Attack(
        "stopped by SIGSTOP", "signals", "a stopped process handles no signal and ends no call",
        {"mse": "import os, signal\nprint('stops')\ndef mse(*a):\n    os.kill(os.getpid(), signal.SIGSTOP)"},
        shows="stops", explains="stopped after 5 s",
    ),
    Attack(
        "everything in sight killed", "signals", "the grader, the neighbours or the sandbox's keeper die",
        {"mse": """
            import os, signal
            print("kills")
            def mse(*a):
                for pid in (1, os.getppid(), -1, *range(2, 400)):
                    if pid != os.getpid():
                        try: os.kill(pid, signal.SIGKILL)
                        except OSError: pass
                os.kill(-1, signal.SIGKILL)
                os._exit(1)
        """}, shows="kills", explains="died",
    ),
    Attack(
        "the process ends in a function", "exit", "a status of 0 before the tests means that all have passed",
        {"mse": "import os\nprint('exits')\ndef mse(*a):\n    os._exit(0)"}, shows="exits", explains="died",
    ),
    Attack(
        "the process ends in a cell", "exit", "the notebook's other answers are never judged", {"mse": "import os\nos._exit(0)"},
        honest=("fit_linear", "xor_network"), explains="died",
    ),
    Attack(
        "exit, quit, SystemExit", "exit", "the kernel asks its client to end it",
        {"mse": "import sys\nprint('exits')\ndef mse(*a):\n    sys.exit(0)\nexit()\nquit()"}, shows="exits",
    ),
    Attack(
        "the network", "sockets", "answers are fetched, and the machine's services are reached",
        {"mse": """
            import socket
            reached = []
            for family, target in ((2, ("127.0.0.1", 22)), (2, ("1.1.1.1", 53)), (10, ("::1", 22)), (2, ("169.254.169.254", 80)),
                                   (1, "/run/docker.sock"), (1, "/run/systemd/private"), (1, "\\0/tmp/.X11-unix/X0")):
                try:
                    with socket.socket(family) as s:
                        s.settimeout(1)
                        s.connect(target)
                    reached.append(target)
                except OSError:
                    pass
            try: reached.append(socket.getaddrinfo("example.org", 80))
            except OSError: pass
            print("reached", reached)
        """}, shows=r"reached \[\]",
    ),
    Attack(
        "sockets of rare families", "sockets", "code of the kernel that hardly anybody uses, and so hardly anybody has tested",
        {"mse": """
            import socket
            opened = []
            for family in range(3, 46):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
                    if family in (socket.AF_INET6, socket.AF_NETLINK): continue
                    try: socket.socket(family, kind).close(); opened.append(family)
                    except OSError: pass
            try: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); opened.append("raw")
            except OSError: pass
            print("opened", opened)
        """}, shows=r"opened \[\]",
    ),
    Attack(
        "sockets that the kernel left open", "descriptors", "an inherited descriptor leads to the grader or to its files",
        {"mse": """
            import os
            leads = []
            for fd in os.listdir("/proc/self/fd"):
                try: target = os.readlink("/proc/self/fd/" + fd)
                except OSError: continue
                if target.startswith("/") and not target.startswith(("/dev/", "/proc", "/memfd:kernel-stderr", "/tmp", "/usr", "/site")):
                    leads.append(target)
            print("leads to", leads)
        """}, shows=r"leads to \[\]",
    ),
    Attack(
        "standard error filled", "descriptors", "the grader keeps what a kernel says there",
        {"mse": """
            import os, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            written = 0
            for fd in os.listdir("/proc/self/fd"):
                try:
                    if "kernel-stderr" in os.readlink("/proc/self/fd/" + fd):
                        while written < 1 << 30: written += os.write(int(fd), bytes(1 << 20))
                except OSError:
                    pass
            print("less than 64 MB:", written < 64 << 20)
        """}, shows="less than 64 MB: True",
    ),
    Attack(
        "links to everywhere", "symlinks", "a link that the grader follows leads out of the sandbox",
        {"mse": """
            import os
            for place in ("/tmp", "/job", "/ipc", "/dev/shm"):
                for name, target in (("passwd", "/etc/passwd"), ("shadow", "/etc/shadow"), ("root", "/"), ("up", "../../.."),
                                     ("host", "/proc/1/root"), ("gradebook.db", "@ROOT@/gradebook.db")):
                    try: os.symlink(target, f"{place}/{name}")
                    except OSError: pass
            seen = []
            for place in ("/tmp", "/job"):
                for name in ("passwd", "shadow", "gradebook.db", "host/etc/passwd", "up/etc/passwd"):
                    try: seen.append(open(f"{place}/{name}").read(10))
                    except OSError: pass
            print("seen", seen)
        """}, shows=r"seen \[\]",
    ),
    Attack(
        "other processes traced", "ptrace", "memory and system calls of others are read and changed",
        {"mse": CALL + """
said = [call(101, 16, 1, 0, 0), call(310, 1, 0, 0, 0, 0, 0), call(311, 1, 0, 0, 0, 0, 0), call(312, 1, 1, 0, 0, 0), call(438, 3, 0, 0)]
opened = []
for pid in [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]:
    for name in ("mem", "environ", "root/etc/shadow", "cwd/gradebook.db", "fd/0"):
        try: os.open(f"/proc/{pid}/{name}", os.O_RDONLY); opened.append((pid, name))
        except OSError: pass
print(set(said), opened)
"""}, shows=r"\{'Operation not permitted'\} \[\]",
    ),
    Attack(
        "io_uring", "kernel interface", "its own way of calling the kernel goes round filters of system calls",
        {"mse": CALL + "print([call(425, 8, 0), call(426, 3, 1, 0, 0, 0, 0), call(427, 3, 0, 0, 0)])"},
        shows=r"\[('Operation not permitted'(, )?){3}\]",
    ),
    Attack(
        "namespaces and mounts", "kernel interface", "a namespace of one's own gives back what the sandbox took away",
        {"mse": CALL + """
said = [call(272, flag) for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x08000000, 0x04000000)]
said += [call(56, 0x10000000 | 17, 0, 0, 0, 0), call(308, 3, 0), call(165, b"x", b"/tmp", b"tmpfs", 0, 0), call(155, b"/tmp", b"/tmp")]
said += [call(161, b"/tmp"), call(166, b"/site", 2), call(428, -100, b"/", 0), call(429, 3, b"", 3, b"", 0), call(430, b"tmpfs", 0)]
print(set(said), call(435, 0, 0))
"""}, shows=r"\{'Operation not permitted'\} Function not implemented",
    ),
    Attack(
        "bpf, keyrings, perf, userfaultfd, modules", "kernel interface", "interfaces that exploits of the kernel are made of",
        {"mse": CALL + """
said = [call(321, 0, 0, 0), call(248, b"user", b"@TOKEN@", b"x", 1, -3), call(250, 0, -3, 0), call(298, 0, 0, -1, -1, 0)]
said += [call(323, 0), call(175, 0, 0, 0), call(313, 0, 0, 0), call(246, 0, 0, 0, 0), call(103, 2, 0, 0), call(169, 0, 0, 0, 0)]
said += [call(304, 0, 0, 0), call(303, 0, 0, 0, 0, 0), call(172, 3), call(135, 0x0040000), call(163, 0), call(167, b"/tmp/x", 0)]
print(set(said))
"""}, shows=r"\{'Operation not permitted'\}",
    ),
    Attack(
        "calls of another architecture", "kernel interface", "the 32-bit and x32 tables have other numbers, which filters forget",
        {"mse": """
            import os
            pid = os.fork()
            if pid == 0:
                import ctypes
                ctypes.CDLL(None).syscall(0x40000000 | 39)
                os._exit(0)
            print("killed by", os.WTERMSIG(os.waitpid(pid, 0)[1]))
        """}, shows="killed by 31",
    ),
    Attack(
        "becoming root", "privileges", "a program that runs as root, or an identity that was not given up",
        {"mse": """
            import os, subprocess
            got = []
            for attempt in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
                try: attempt(); got.append("identity")
                except OSError: pass
            for line in (["su", "-c", "id"], ["sudo", "-n", "id"], ["pkexec", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"]):
                try: done = subprocess.run(line, capture_output=True, timeout=5, stdin=subprocess.DEVNULL)
                except (OSError, subprocess.TimeoutExpired): continue
                if done.returncode == 0: got.append(line[0])
            status = dict(l.split(":", 1) for l in open("/proc/self/status") if ":" in l)
            if any(int(status[n], 16) for n in ("CapPrm", "CapEff", "CapAmb")): got.append("capabilities")
            if status["NoNewPrivs"].strip() != "1": got.append("new privileges")
            if not os.getuid() or os.getgroups() not in ([], [os.getgid()], [65534]): got.append(f"{os.getuid()} {os.getgroups()}")
            print("got", got)
        """}, shows=r"got \[\]",
    ),
    Attack(
        "settings of the machine changed", "privileges", "the clock, the name of the machine, devices, parameters of the kernel",
        {"mse": CALL + """
import time, resource
changed = []
for place in ("/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/proc/self/oom_score_adj0", "/dev/mem",
              "/dev/kmsg", "/sys/power/state", "/dev/sda", "/dev/vda"):
    try: os.open(place, os.O_WRONLY); changed.append(place)
    except OSError: pass
for number, *args in ((164, 0, 0), (170, b"x", 1), (171, b"x", 1), (133, b"/tmp/dev", 0o60666, 0x801), (144, 0, 1, b"\\x50\\0\\0\\0")):
    if call(number, *args) == "allowed": changed.append(number)
try: time.clock_settime(time.CLOCK_REALTIME, 0); changed.append("clock")
except OSError: pass
try: os.nice(-5); changed.append("priority")
except OSError: pass
for name in ("AS", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE"):
    number = getattr(resource, "RLIMIT_" + name)
    hard = resource.getrlimit(number)[1]
    try: resource.setrlimit(number, (hard + 1, hard + 1)); changed.append(name)
    except (ValueError, OSError): pass
print("changed", changed)
"""}, shows=r"changed \[\]",
    ),
    Attack(
        "programs of the grader overwritten", "privileges", "what the next kernel runs is changed",
        {"mse": """
            import os
            written = []
            for place in ("/launcher.py", "/edition/fnnkit/kernel/serve.py", "/edition/fnnkit/x.py", "/site/numpy/__init__.py",
                          "/site/x.py", "/usr/bin/x", "/usr/lib/x", "/etc/x", "/bin/x", "/x", "/dev/x", "/proc/1/mem", "/proc/1/oom_adj"):
                for attempt in (lambda: os.close(os.open(place, os.O_WRONLY | os.O_CREAT)), lambda: os.chmod(place, 0o777),
                                lambda: os.rename(place, place + "@TOKEN@"), lambda: os.unlink(place)):
                    try: attempt(); written.append(place)
                    except OSError: pass
            print("written", written)
        """}, shows=r"written \[\]",
    ),
)  # fmt: skip
