import socket

import pytest

from lienthong.runtime import ports
from lienthong.runtime.errors import Trouble

LISTEN = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
input()
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_free_port_may_be_used():
    ports.require_free("127.0.0.1", free_port())
    ports.require_free("localhost", free_port())


def test_a_port_in_use_is_refused_with_who_uses_it_and_a_way_out(script):
    other = script(LISTEN)
    port = int(other.stdout.readline())
    with pytest.raises(Trouble) as refusal:
        ports.require_free("127.0.0.1", port)
    assert f"Port {port} is in use by python" in refusal.value.message and str(other.pid) in refusal.value.message
    assert f"--port {port + 1}" in refusal.value.way_out


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_what_is_not_a_port_is_refused(port):
    with pytest.raises(Trouble, match="not a port"):
        ports.require_free("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-machine.invalid"])
def test_an_address_of_another_machine_is_refused(host):
    with pytest.raises(Trouble, match="not an address of this machine"):
        ports.require_free(host, free_port())
