"""Tests for nnkit.data.download."""

import dataclasses
import logging
import re
import shutil
import time

import pooch
import pytest

from nnkit.data import DamagedFileError, DownloadError
from nnkit.data.download import local_files

NOBODY = "http://127.0.0.1:9/"  # the port for discarding: nothing listens there


@pytest.fixture
def pooch_says():
    """What pooch logs; it would go to standard error."""
    records, handler, logger = [], logging.Handler(), pooch.get_logger()
    handler.emit = records.append
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield records
    logger.removeHandler(handler)


def assert_same_files(paths, folder):
    assert {name: path.read_bytes() for name, path in paths.items()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


@pytest.mark.parametrize("inside", ["", "tiny/", "tiny"])
def test_files_come_from_the_given_mirror(serve, tiny, source_of, tmp_path, inside):
    """Its address may be that of the files' folder or of the one above."""
    server = serve(tiny.parent)

    paths = local_files(source_of(tiny), f"{server.url}/{inside}", tmp_path / "cache")

    assert_same_files(paths, tiny)
    assert all(path.parent == tmp_path / "cache" / "tiny" for path in paths.values())
    assert not any("//" in path for path in server.requested)


def test_the_environment_names_a_mirror(serve, tiny, source_of, tmp_path, monkeypatch):
    """NNKIT_DATA_URL takes the place of the public addresses."""
    monkeypatch.setenv("NNKIT_DATA_URL", serve(tiny.parent).url)

    assert_same_files(local_files(source_of(tiny), cache_folder=tmp_path / "cache"), tiny)


def test_an_argument_counts_more_than_the_environment(
    serve, tiny, source_of, tmp_path, monkeypatch
):
    """base_url wins over both variables."""
    monkeypatch.setenv("NNKIT_DATA_URL", NOBODY)
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tmp_path / "nowhere"))

    paths = local_files(source_of(tiny), serve(tiny.parent).url, tmp_path / "cache")

    assert_same_files(paths, tiny)


def test_the_next_address_is_tried(serve, tiny, source_of, tmp_path):
    """One public address that is gone does no harm."""
    source = dataclasses.replace(source_of(tiny), urls=(NOBODY, serve(tiny).url + "/"))

    assert_same_files(local_files(source, cache_folder=tmp_path / "cache"), tiny)


def test_a_second_call_needs_no_network(serve, tiny, source_of, tmp_path):
    """Each file is fetched once; afterwards the mirror may be gone."""
    server, source = serve(tiny.parent), source_of(tiny)
    local_files(source, server.url, tmp_path / "cache")

    assert_same_files(local_files(source, NOBODY, tmp_path / "cache"), tiny)
    assert sorted(server.requested) == [f"/tiny/{name}" for name in sorted(source.checksums)]


def test_the_usual_cache_is_the_users_own(serve, tiny, source_of, tmp_path, monkeypatch):
    """Where pooch, and with it the operating system, wants it."""
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "caches" / project)

    paths = local_files(source_of(tiny), serve(tiny.parent).url)

    assert all(path.parent == tmp_path / "caches/nnkit/tiny" for path in paths.values())


def test_a_damaged_file_in_the_cache_is_fetched_again(serve, tiny, source_of, tmp_path):
    """A download that was cut off, or a bad disk, heals itself."""
    server, source = serve(tiny.parent), source_of(tiny)
    paths = local_files(source, server.url, tmp_path / "cache")
    paths["t10k-labels-idx1-ubyte.gz"].write_bytes(b"garbage")

    assert_same_files(local_files(source, server.url, tmp_path / "cache"), tiny)
    assert server.requested.count("/tiny/t10k-labels-idx1-ubyte.gz") == 2


def test_a_wrong_checksum_is_refused(serve, tiny, source_of, tmp_path):
    """A mirror that changed a file is not believed, and the file is not kept."""
    source = source_of(tiny)
    (tiny / "train-images-idx3-ubyte.gz").write_bytes(b"not what it was")

    with pytest.raises(DownloadError, match=r"(?s)train-images.*does not match the known hash"):
        local_files(source, serve(tiny.parent).url, tmp_path / "cache")
    assert not (tmp_path / "cache/tiny/train-images-idx3-ubyte.gz").exists()


def test_offline_one_is_told_where_to_put_which_files(tiny, source_of, tmp_path):
    """The message names the files, the folder, both variables, and what was tried."""
    source = source_of(tiny)

    with pytest.raises(DownloadError) as caught:
        local_files(source, cache_folder=tmp_path / "cache")

    message = str(caught.value)
    for part in (*source.checksums, str(tmp_path / "cache" / "tiny"), NOBODY):
        assert part in message
    for part in ("NNKIT_DATA_DIR", "NNKIT_DATA_URL", "base_url", "no connection"):
        assert part in message


def test_following_the_offline_message_helps(tiny, source_of, tmp_path):
    """Files copied to the folder that it names are found."""
    source = source_of(tiny)
    with pytest.raises(DownloadError) as caught:
        local_files(source, cache_folder=tmp_path / "cache")
    folder = re.search("to the folder (.*),", str(caught.value))[1]

    shutil.copytree(tiny, folder, dirs_exist_ok=True)

    assert set(local_files(source, cache_folder=tmp_path / "cache")) == set(source.checksums)


def test_a_file_that_the_mirror_lacks_is_named(serve, tiny, source_of, tmp_path):
    """With the server's answer."""
    source = source_of(tiny)
    (tiny / "t10k-images-idx3-ubyte.gz").unlink()

    with pytest.raises(DownloadError, match=r"(?s)find t10k-images.*the server answered 404"):
        local_files(source, serve(tiny.parent).url, tmp_path / "cache")


def test_a_server_that_does_not_answer_is_given_up(
    serve, tiny, source_of, tmp_path, monkeypatch, silent_handler
):
    """After a time limit, not never."""
    monkeypatch.setattr("nnkit.data.download.TIMEOUT", 0.1)
    start = time.monotonic()

    with pytest.raises(DownloadError, match="no answer within"):
        local_files(source_of(tiny), serve(tiny, silent_handler).url, tmp_path / "cache")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("inside", ["", "tiny"])
def test_a_folder_that_holds_the_files_is_read_where_it_is(tiny, source_of, monkeypatch, inside):
    """NNKIT_DATA_DIR names the files' folder or the one above; nothing is copied."""
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tiny.parent / inside))

    paths = local_files(source_of(tiny))

    assert paths == {path.name: path for path in tiny.iterdir()}


def test_a_tilde_stands_for_the_home_folder(serve, tiny, source_of, tmp_path, monkeypatch):
    """In the variable, and in the name of the cache folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    cached = local_files(source_of(tiny), serve(tiny.parent).url, "~/cache")
    monkeypatch.setenv("NNKIT_DATA_DIR", "~/mirror")
    found = local_files(source_of(tiny))

    assert {path.parent for path in cached.values()} == {tmp_path / "cache" / "tiny"}
    assert {path.parent for path in found.values()} == {tiny}


def test_a_folder_without_the_files_says_what_is_missing(tiny, source_of, monkeypatch):
    """It is not replaced by a download that nobody asked for."""
    source = source_of(tiny)
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tiny))
    (tiny / "train-labels-idx1-ubyte.gz").unlink()

    with pytest.raises(DownloadError, match=r"got no train-labels-idx1-ubyte.gz; copy"):
        local_files(source)


def test_a_folder_with_a_changed_file_is_refused(tiny, source_of, monkeypatch):
    """The message names the file and both checksums."""
    source = source_of(tiny)
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tiny))
    (tiny / "train-labels-idx1-ubyte.gz").write_bytes(b"")

    with pytest.raises(DamagedFileError, match=r"expected .*train-labels.*got "):
        local_files(source)


def test_a_mirror_needs_an_address(tiny, source_of):
    """A folder's path is no address, and the message says what to do with it."""
    with pytest.raises(ValueError, match=r"http://.*got '/data'; for a folder.*NNKIT_DATA_DIR"):
        local_files(source_of(tiny), "/data")


def test_progress_is_shown_on_standard_output(
    serve, tiny, source_of, tmp_path, capsys, pooch_says, slow_handler
):
    """A line with the file's name, and nothing on standard error."""
    (tiny / "train-images-idx3-ubyte.gz").write_bytes(bytes(6000))

    local_files(source_of(tiny), serve(tiny, slow_handler).url, tmp_path / "cache")

    output = capsys.readouterr()
    assert re.search(r"train-images-idx3-ubyte.gz \[####? +\] (17|20)% \|", output.out)
    assert re.search(r"train-images-idx3-ubyte.gz \[#{20}\] 100% \|", output.out)
    assert output.err == ""
    assert pooch_says == []
