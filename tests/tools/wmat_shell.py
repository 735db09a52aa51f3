"""wmat shell as somebody types at it, and as a pipe feeds it.
usage: wmat_shell.py WMAT [W800_SIM]"""
import contextlib
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time

WMAT = os.path.abspath(sys.argv[1])
SIM = os.path.abspath(sys.argv[2])
HAS_EDITING = b"libedit" in subprocess.run(["ldd", WMAT], stdout=subprocess.PIPE, check=True).stdout
LIMIT_S = 20


@contextlib.contextmanager
def virtual_module(*options):
    """Runs one; gives the process, with the path of its line as port."""
    with tempfile.TemporaryDirectory() as folder:
        sim = subprocess.Popen([SIM, "--link", folder + "/w800", *options], stdout=subprocess.PIPE)
        try:
            assert sim.stdout.readline().startswith(b"ready "), "no module"
            sim.port = folder + "/w800"
            yield sim
        finally:
            sim.kill()
            sim.wait()
            sim.stdout.close()


def plain(output):
    """What a terminal would have been told, without its orders."""
    return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", output).replace(b"\r", b"")


class Typist:
    def __init__(self, *options):
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        environment = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8")
        self.process = subprocess.Popen([WMAT, *options, "shell"], stdin=slave, stdout=slave, stderr=slave,
                                        env=environment, start_new_session=True,
                                        preexec_fn=lambda: __import__("fcntl").ioctl(0, termios.TIOCSCTTY, 0))
        self.slave = slave
        self.seen = b""

    def expect(self, words):
        """Reads until words have come; what is up to them counts as seen."""
        end = time.monotonic() + LIMIT_S
        while words not in plain(self.seen):
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"{words} did not come; got {plain(self.seen)!r}"
            self.seen += os.read(self.master, 4096)
        text = plain(self.seen)
        self.seen = text[text.index(words) + len(words):]
        return text

    def await_editing(self, editing):
        """The mode of the terminal changes right behind what announces it."""
        end = time.monotonic() + LIMIT_S
        while bool(termios.tcgetattr(self.slave)[3] & termios.ICANON) == editing:
            assert time.monotonic() < end, "the mode of the terminal stays"

    def prompt(self, text=b"wmat> "):
        output = self.expect(text)
        self.await_editing(True)
        return output

    def interrupt(self):
        """Ctrl-C, but to the wait behind a line."""
        self.await_editing(False)
        self.type(b"\x03")

    def type(self, text):
        os.write(self.master, text)

    def end(self):
        status = self.process.wait(LIMIT_S)
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is not as it was"
        os.close(self.slave)
        os.close(self.master)
        return status


def test_editing():
    shell = Typist("-p", "sim:")
    shell.prompt()
    shell.type(b"at+cipm\t")  # a name begins with this, and more than one
    shell.expect(b"AT+CIPM")
    shell.type(b"\t")
    shell.expect(b"AT+CIPMUX             AT+CIPMODE")
    shell.type(b"u\t?\r")
    shell.expect(b"+CIPMUX:0\nOK\n")
    shell.prompt()
    shell.type(b"\x1b[A\r")  # the line before
    shell.expect(b"+CIPMUX:0\nOK\n")
    shell.prompt()
    shell.type(b"AT+RESTORE\x03")
    shell.expect(b"^C\n")
    shell.prompt()
    shell.type(b"AT\r")
    assert b"ready" not in shell.expect(b"OK\n"), "a cancelled line went out"
    shell.prompt()
    shell.type(b"AT+CWJAP=\"x\"x\r")
    shell.expect(b"CMD PARSE ERR  (it refused a parameter")
    shell.prompt()
    shell.type(b"help cipsto\r")
    shell.expect(b"AT+CIPSTO=...")
    shell.expect(b"AT+CIPSTO=<")
    shell.prompt()
    shell.type(b"\x04")
    assert shell.end() == 0


def test_reports():
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(LIMIT_S)
    shell = Typist("-p", "sim:")
    shell.prompt()
    shell.type(b'AT+CIPSTART="TCP","127.0.0.1",%d\r' % server.getsockname()[1])
    peer, _ = server.accept()
    peer.settimeout(LIMIT_S)
    shell.expect(b"CONNECT\n")
    shell.expect(b"OK\n")
    shell.prompt()
    shell.type(b"AT+CIPST")  # and in the middle of the line
    shell.expect(b"AT+CIPST")
    peer.sendall(b"h\x1b[2J\r\n\xff")
    shell.expect(b"link 0, 8 bytes: h\\x1b[2J\\x0d\\x0a\\xff\n")
    shell.expect(b"wmat> AT+CIPST")  # is there again
    shell.type(b"ATE?\r")
    shell.expect(b'+CIPSTATE:0,"TCP"')
    shell.prompt()
    shell.type(b"AT+CIPSEND=6\r")
    shell.prompt(b"payload (6 bytes)> ")
    shell.type(b"ab\\r\r")
    shell.prompt(b"payload (3 bytes)> ")
    shell.type(b"\\x00cde\r")
    shell.expect(b"only the first 3 of these 4 bytes were announced")
    shell.expect(b"SEND OK\n")
    assert peer.recv(6, socket.MSG_WAITALL) == b"ab\r\x00cd"
    peer.close()
    shell.expect(b"CLOSED\n")
    shell.prompt()
    shell.type(b"quit\r")
    assert shell.end() == 0


def test_payload_from_pipe():
    """The result of payload is no result of the line behind it, which waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as server, virtual_module(
            "--dialect", "w800", "--baud", "9600", "--join", "wmat") as sim:
        text = b'AT+CIPSTART="TCP","127.0.0.1",%d\nAT+CIPSEND=5\nhe\nllo\nAT+CWMODE?\nAT+SYSSTORE?\n'
        status, output = piped(text % server.getsockname()[1], "-p", sim.port, "-b", "9600")
        assert status == 0, (status, output)
        order = [output.find(word) for word in (b"SEND OK\n", b"+CWMODE:1\nOK\n", b"+SYSSTORE::1\nOK\n")]
        assert -1 not in order and order == sorted(order), output


def test_killed():
    shell = Typist("-p", "sim:")
    shell.prompt()
    shell.process.terminate()
    assert shell.end() == 128 + 15


@contextlib.contextmanager
def silent_resolver():
    """Gives its address; names take as long as the module asks for them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
        resolver.bind(("127.0.0.1", 0))
        yield "127.0.0.1:%d" % resolver.getsockname()[1]


def test_interrupted_wait():
    with silent_resolver() as resolver:
        with virtual_module("--join", "wmat", "--resolver", resolver) as sim:
            shell = Typist("-p", sim.port)
            shell.prompt()
            shell.type(b"AT+CIPDOMAIN=\"x.invalid\"\r")
            shell.interrupt()
            output = shell.prompt()
            assert b"CMD" not in output and b"ERROR" not in output, output
        shell.expect(b"the port has gone")
        assert shell.end() == 3


def piped(text, *options):
    run = subprocess.run([WMAT, *options, "shell"], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         timeout=60, check=False)
    return run.returncode, run.stdout


def test_pipe():
    status, output = piped(b"AT+CIPMUX=1\r\n# a remark\n\nAT+CIPMUX?\nAT", "-p", "sim:")
    assert status == 0 and b"OK\n+CIPMUX:1\nOK\nOK\n" in output, (status, output)
    assert b"\x1b" not in output and b"wmat>" not in output, output
    status, output = piped(b"AT+CIPMUX=2\nAT+CIPMUX?\n", "-p", "sim:")
    assert status == 1 and b"CMD PARSE ERR  (it refused a parameter" in output and b"+CIPMUX:0" in output, output
    for bad in (b"hello\n", b"help NOPE\n", b"AT" + b"x" * 260 + b"\n"):
        status, output = piped(bad, "-p", "sim:")
        assert status == 1 and b"wmat: shell: " in output, (bad, status, output)
    status, output = piped(b"#" * 8191 + b"\n" + b"#" * 8192 + b"\nAT+CIPMUX?\n", "-p", "sim:")
    assert status == 1 and b"a line of 8192 bytes is left out" in output and b"+CIPMUX:0\nOK\n" in output, output
    assert b"8191 bytes is" not in output, output
    assert piped(b"quit\nhello\n", "-p", "sim:")[0] == 0
    assert b"TCP/IP: AT+CIPV6" in piped(b"help\n", "-p", "sim:")[1]
    assert b'{"line":"+CIPMUX:0"}\n{"line":"OK"}\n' in piped(b"AT+CIPMUX?\n", "--json", "-p", "sim:")[1]
    assert piped(b"AT\n", "-p", "/nowhere")[0] == 3


def test_busy():
    """A notice about a line that runs later; the wait for its result goes on."""
    with silent_resolver() as resolver, virtual_module(
            "--dialect", "w800", "--join", "wmat", "--resolver", resolver) as sim:
        status, output = piped(b'AT+CIPDOMAIN="x.invalid"\nAT+CIPMUX?\n', "-p", sim.port, "--timeout", "1000")
        assert status == 1 and b"busy ...  (it works on something else" in output, output
        assert b"no answer to AT+CIPMUX? within 1000 ms" in output, output


def choke(sim, line):
    """Stops the module, and fills its line until that takes nothing more."""
    sim.send_signal(signal.SIGSTOP)
    while select.select([], [line], [], 0.2)[1]:
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(line, b"\n")


@contextlib.contextmanager
def line_of(sim):
    """A second program at the line; it has to come first."""
    line = os.open(sim.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        yield line
    finally:
        os.close(line)


def test_choked_line():
    took = rb"the port took only [0-3] of these 4 bytes\n"
    with virtual_module() as sim, line_of(sim) as line:
        with subprocess.Popen([WMAT, "-p", sim.port, "--timeout", "2000", "shell"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as shell:
            shell.stdin.write(b"AT\n")
            shell.stdin.flush()
            assert shell.stdout.readline() == b"OK\n"
            choke(sim, line)
            output = shell.communicate(b"AT\n", LIMIT_S)[0]
        assert shell.returncode == 1 and re.search(took, output), (shell.returncode, output)


def test_choked_line_interrupted():
    with virtual_module() as sim, line_of(sim) as line:
        shell = Typist("-p", sim.port, "--timeout", "60000")
        shell.prompt()
        choke(sim, line)
        shell.type(b"AT\r")
        shell.interrupt()
        shell.expect(b"of these 4 bytes\n")
        shell.prompt()
        shell.type(b"quit\r")
        assert shell.end() == 0


def test_trace():
    with virtual_module() as sim, tempfile.TemporaryDirectory() as folder:
        for port in (sim.port, "sim:"):
            status, output = piped(b"AT+CIPMUX?\n", "-p", port, "--trace", folder + "/trace")
            assert status == 0 and output.endswith(b"+CIPMUX:0\nOK\n"), (port, status, output)
            shown = subprocess.check_output([WMAT, "trace", "show", folder + "/trace"])
            assert b"> AT+CIPMUX?\n" in shown and b"< +CIPMUX:0\n" in shown, (port, shown)
            os.remove(folder + "/trace")
        for port in (sim.port, "sim:"):
            status, output = piped(b"AT\n", "-p", port, "--trace", folder + "/nowhere/trace")
            assert status == 2 and b"can't write the trace" in output, (port, status, output)


for name, test in list(globals().items()):
    if name.startswith("test_") and (HAS_EDITING or Typist.__name__ not in test.__code__.co_names):
        test()
        print("ok", name, flush=True)
