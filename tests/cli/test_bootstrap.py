"""./lt before there is an environment: what it can decide without one."""

import base64
import hashlib
import http.server
import importlib.machinery
import importlib.util
import io
import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "lt"


@pytest.fixture
def lt(tmp_path, monkeypatch):
    """The script as a module, for a checkout in a folder of its own."""
    (tmp_path / "uv.lock").write_text("version = 1")
    (tmp_path / "pyproject.toml").write_text("[project]")
    loader = importlib.machinery.SourceFileLoader("lt_script", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("lt_script", loader))
    loader.exec_module(module)
    for name, path in {
        "CHECKOUT": "",
        "VENV": ".venv",
        "VENV_PYTHON": ".venv/bin/python",
        "STAMP": ".venv/.lienthong",
    }.items():
        monkeypatch.setattr(module, name, str(tmp_path / path))
    monkeypatch.setattr(module, "TOOLS", str(tmp_path / "var/tools"))
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    return module


@pytest.fixture
def environment(lt):
    """An environment that was made for development in this checkout."""
    Path(lt.VENV_PYTHON).parent.mkdir(parents=True)
    Path(lt.VENV_PYTHON).symlink_to(sys.executable)
    Path(lt.STAMP).write_text(lt.stamp("dev"))
    return Path(lt.VENV)


def wheel(version):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"uv-{version}.data/scripts/uv", f"#!/bin/sh\necho uv {version}\n")
    return content.getvalue()


@pytest.fixture
def index(lt, monkeypatch):
    """A package index of our own that wants a password; answers what was asked of it."""
    name, content = "uv-9.9.9-py3-none-any.whl", wheel(lt.UV_VERSION)
    pages = {"/simple/uv/": f'<a href="../../files/{name}#sha256=x">{name}</a>'.encode(), f"/files/{name}": content}

    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            expected = "Basic " + base64.b64encode(b"an:p@ss").decode()
            known = self.path in pages and (self.path.startswith("/files") or self.headers["Authorization"] == expected)
            self.send_response(200 if known else 404)
            self.end_headers()
            self.wfile.write(pages[self.path] if known else b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"own=http://an:p%40ss@127.0.0.1:{server.server_port}/simple")
    monkeypatch.setattr(lt, "pinned_wheel", lambda: (name, hashlib.sha256(content).hexdigest()))
    monkeypatch.setattr(lt.os, "environ", {**os.environ, "no_proxy": "127.0.0.1"})
    Path(lt.TOOLS).mkdir(parents=True)
    yield server
    server.shutdown()
    server.server_close()


def test_an_environment_in_step_needs_nothing(lt, environment):
    assert lt.is_ready("dev") and lt.is_ready("run")


def test_an_environment_without_the_development_tools_is_not_enough_for_tests(lt, environment):
    Path(lt.STAMP).write_text(lt.stamp("run"))
    assert lt.is_ready("run") and not lt.is_ready("dev")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_a_changed_lock_file_makes_the_environment_anew(lt, environment, name):
    (environment.parent / name).write_text("version = 2 # changed")
    assert not lt.is_ready("run")


def test_an_environment_whose_python_is_gone_is_made_anew(lt, environment):
    Path(lt.VENV_PYTHON).unlink()
    Path(lt.VENV_PYTHON).symlink_to("/nowhere/python3.9")
    assert not lt.is_ready("run")


def test_an_environment_that_was_moved_with_the_checkout_is_thrown_away(lt, environment, monkeypatch):
    lt.discard_moved_environment()
    assert environment.exists()
    monkeypatch.setattr(lt, "CHECKOUT", "/somewhere/else")
    lt.discard_moved_environment()
    assert not environment.exists()


@pytest.mark.parametrize(
    ("name", "value", "index"),
    [
        ("UV_DEFAULT_INDEX", "https://mirror.vn/simple", "https://mirror.vn/simple"),
        ("UV_DEFAULT_INDEX", "own=https://mirror.vn/simple?a=b", "https://mirror.vn/simple?a=b"),
        ("UV_INDEX_URL", "https://mirror.vn/simple/", "https://mirror.vn/simple/"),
        ("PIP_INDEX_URL", "https://an:x@mirror.vn/simple", "https://an:x@mirror.vn/simple"),
    ],
)
def test_the_index_that_this_machine_is_set_to_use_is_used(lt, monkeypatch, name, value, index):
    monkeypatch.setenv(name, value)
    assert lt.index() == index


def test_uv_is_fetched_from_the_index_and_runs(lt, index):
    target = Path(lt.TOOLS) / "uv"
    lt.fetch_with_urllib(str(target))
    assert lt.uv_works(str(target))


def test_a_uv_that_is_not_the_pinned_one_is_refused(lt, index, monkeypatch):
    name, _ = lt.pinned_wheel()
    monkeypatch.setattr(lt, "pinned_wheel", lambda: (name, "0" * 64))
    with pytest.raises(RuntimeError, match="checksum"):
        lt.fetch_with_urllib(str(Path(lt.TOOLS) / "uv"))
    assert not (Path(lt.TOOLS) / "uv").exists()


def test_a_uv_that_is_too_old_or_broken_is_not_used(lt, tmp_path):
    for number, answer in enumerate(("echo uv 0.4.30", "echo nonsense", "exit 1")):
        program = tmp_path / f"uv{number}"
        program.write_text(f"#!/bin/sh\n{answer}\n")
        program.chmod(0o755)
        assert not lt.uv_works(str(program))
    assert not lt.uv_works("/nowhere/uv")


def test_every_pinned_uv_is_named_with_its_version_and_checksum(lt):
    for name, checksum in lt.UV_WHEELS.values():
        assert name.startswith(f"uv-{lt.UV_VERSION}-") and len(bytes.fromhex(checksum)) == 32


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_of_root_is_not_used_by_others(lt):
    assert not lt.is_writable("/root/.cache/uv")


def test_a_cache_of_ones_own_is_used(lt, tmp_path):
    (tmp_path / "cache" / "wheels").mkdir(parents=True)
    assert lt.is_writable(str(tmp_path / "cache")) and lt.is_writable(str(tmp_path / "none" / "yet"))


def test_the_script_compiles_for_pythons_that_are_too_old_for_the_program():
    import ast

    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_two_at_once_prepare_one_after_the_other(lt, tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr(lt, "is_ready", lambda group: bool(order))

    def sync(group):
        order.append("begin")
        order.append("end")

    monkeypatch.setattr(lt, "sync", sync)
    threads = [threading.Thread(target=lt.prepare, args=["run"]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == ["begin", "end"]


def test_a_failing_tool_is_quoted(lt):
    code, output = lt.run("Trying", ["/bin/sh", "-c", "echo no network >&2; exit 3"], dict(os.environ))
    assert code == 3 and output == "no network\n"
