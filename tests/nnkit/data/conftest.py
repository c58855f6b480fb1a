"""Tiny IDX files, and a server on this machine that hands files out and counts the requests."""

import functools
import gzip
import http.server
import threading
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from nnkit.data.download import Source
from nnkit.data.images import PARTS, TEST_PARTS

REAL_FILES = Path(__file__).parents[4] / "shared" / "data"
IDX_CODES = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}


settings.register_profile("nnkit", deadline=None, database=None, derandomize=True, max_examples=25)
settings.load_profile("nnkit")


@pytest.fixture(scope="session")
def idx_bytes():
    """A function from an array to an IDX file, written by the format's description."""

    def content(array):
        header = bytes([0, 0, IDX_CODES[array.dtype.name], array.ndim])
        sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
        return header + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()

    return content


@pytest.fixture(scope="session")
def real_files():
    """The original files, which lie beside the checkout where the project is developed."""
    if not (REAL_FILES / "mnist").is_dir():
        pytest.skip(f"the original IDX files are not in {REAL_FILES}")
    return REAL_FILES


class Handler(http.server.SimpleHTTPRequestHandler):
    """Notes what was asked for, and keeps quiet."""

    def do_GET(self):
        self.server.requested.append(self.path)
        super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def serve():
    """A function that serves a folder and returns the server, with its `url` and `requested`."""
    servers = []

    def start(folder, handler=Handler):
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
        )
        server.url, server.requested = f"http://127.0.0.1:{server.server_port}", []
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        servers.append((server, thread))
        return server

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """The user's own mirror and folder play no part."""
    monkeypatch.delenv("NNKIT_DATA_URL", raising=False)
    monkeypatch.delenv("NNKIT_DATA_DIR", raising=False)


@pytest.fixture
def tiny(tmp_path, idx_bytes):
    """A folder `tiny` in a mirror, with four files as MNIST's: 5 and 3 images of 2 x 3 pixels."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "mirror" / "tiny"
    folder.mkdir(parents=True)
    for (images, labels), number in zip((PARTS, TEST_PARTS), (5, 3), strict=True):
        pixels = rng.integers(0, 256, (number, 2, 3), dtype=np.uint8)
        classes = rng.integers(0, 4, number, dtype=np.uint8)
        (folder / images).write_bytes(gzip.compress(idx_bytes(pixels)))
        (folder / labels).write_bytes(gzip.compress(idx_bytes(classes)))
    return folder


@pytest.fixture(scope="session")
def source_of():
    """A function from a folder to a source with the true checksums of its files."""
    return lambda folder: Source(folder.name, ("http://127.0.0.1:9/",), checksums(folder))


def checksums(folder):
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="session")
def slow_handler():
    """Sends large files in pieces of 2,000 bytes, with a pause after each."""

    class Slow(Handler):
        def copyfile(self, source, outputfile):
            while piece := source.read(2000):
                outputfile.write(piece)
                time.sleep(0.1 * (len(piece) == 2000))

    return Slow


@pytest.fixture(scope="session")
def silent_handler():
    """Accepts a connection and says nothing."""

    class Silent(Handler):
        def do_GET(self):
            time.sleep(0.5)

    return Silent
