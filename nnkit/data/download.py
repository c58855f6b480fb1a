"""Files that are fetched once, checked against their checksums, and kept."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nnkit.data.idx import DamagedFileError
from nnkit.progress import Progress, progress_bar

URL_VARIABLE = "NNKIT_DATA_URL"
FOLDER_VARIABLE = "NNKIT_DATA_DIR"
TIMEOUT = 20  # seconds without an answer


class DownloadError(OSError):
    """Files are neither on this machine nor can be downloaded: the message says what to do."""


@dataclass(frozen=True)
class Source:
    """Where a data set's files come from.

    Parameters
    ----------
    folder : str
        Name of the folder that the files are kept in.
    urls : tuple of str
        Public addresses of folders that hold the files, tried in this order.
    checksums : mapping of str to str
        The files' names, and the SHA-256 of each in hexadecimal.
    """

    folder: str
    urls: tuple[str, ...]
    checksums: Mapping[str, str]


def local_files(
    source: Source, base_url: str | None = None, cache_folder: str | Path | None = None
) -> dict[str, Path]:
    """Paths of a data set's files, downloaded if need be, by name.

    Parameters
    ----------
    source : Source
        Which files, and what they must contain.
    base_url : str, optional
        A mirror to download from, instead of what the environment says.
    cache_folder : str or Path, optional
        Where downloaded files are kept. The default is the user's cache folder.

    Returns
    -------
    paths : dict of str to Path
        Where each file is; all have the right checksums.

    Raises
    ------
    DownloadError
        If a file is not there and can't be downloaded.
    DamagedFileError
        If a file in the folder that ``NNKIT_DATA_DIR`` names is not the original one.
    ValueError
        If the address of the mirror is none.
    """
    if base_url is None and os.environ.get(FOLDER_VARIABLE):
        return _files_in(Path(os.environ[FOLDER_VARIABLE]).expanduser(), source)
    mirror = base_url or os.environ.get(URL_VARIABLE)
    urls = _mirror_urls(mirror, source.folder) if mirror else source.urls
    return _downloaded(source, urls, _cache_folder(cache_folder) / source.folder)


def _files_in(folder: Path, source: Source) -> dict[str, Path]:
    """The files of a folder that the user filled, each there and unharmed."""
    inner = folder / source.folder
    place = inner if inner.is_dir() else folder
    paths = {name: place / name for name in source.checksums}
    missing = [name for name, path in paths.items() if not path.is_file()]
    if missing:
        raise DownloadError(
            f"expected {FOLDER_VARIABLE}={folder} to hold {', '.join(source.checksums)} itself "
            f"or in {inner}, got no {', '.join(missing)}; copy them there, or unset "
            f"{FOLDER_VARIABLE} to download them"
        )
    for name, path in paths.items():
        actual = sha256(path.read_bytes()).hexdigest()
        if actual != source.checksums[name]:
            raise DamagedFileError(
                f"expected {path} with the SHA-256 {source.checksums[name]}, got {actual}; "
                f"it is damaged or belongs to another data set: replace it"
            )
    return paths


def _mirror_urls(mirror: str, folder: str) -> tuple[str, ...]:
    if not mirror.startswith(("http://", "https://")):
        raise ValueError(
            f"expected the address of a mirror to begin with http:// or https://, got {mirror!r}; "
            f"for a folder on this machine set {FOLDER_VARIABLE} instead"
        )
    base = mirror.rstrip("/") + "/"
    return (f"{base}{folder}/", base)


def _cache_folder(cache_folder: str | Path | None) -> Path:
    if cache_folder is not None:
        return Path(cache_folder).expanduser()
    import pooch  # type: ignore[import-untyped, unused-ignore]

    return Path(pooch.os_cache("nnkit"))


def _downloaded(source: Source, urls: tuple[str, ...], folder: Path) -> dict[str, Path]:
    """Each file from the first address that has it; those in the folder are only checked."""
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # the progress bar says it
    paths = {}
    for name in source.checksums:
        failures = {}
        for url in urls:
            keeper = pooch.create(folder, base_url=url, registry=dict(source.checksums))
            try:
                paths[name] = Path(keeper.fetch(name, downloader=_with_progress(name)))
                break
            except (OSError, ValueError) as error:  # ValueError: a wrong checksum
                failures[url] = _reason(error)
        else:
            raise DownloadError(_how_to_get(source, name, failures, folder))
    return paths


class _Bar:
    """A line of progress as pooch's downloader moves it: `total` is set, then `update` called."""

    def __init__(self, name: str, progress: Progress) -> None:
        self.total = 0
        self._name, self._progress, self._done = name, progress, 0

    def update(self, size: int) -> None:
        self._done += size
        # in kilobytes, and at least those that came: a server need not say how many there are
        self._progress.total = max(self.total, self._done, 1024) // 1024
        self._progress.update(max(self._done // 1024, 1), self._name, {})

    def reset(self) -> None:
        """Pooch's downloader counts the whole file once more at the end: it is full then."""

    def close(self) -> None:
        """`progress_bar` closes."""


def _with_progress(name: str) -> Callable[..., Any]:
    """Pooch's HTTP downloader with a line of progress."""
    import pooch

    def download(url: str, output_file: Any, keeper: Any, check_only: bool = False) -> Any:
        with progress_bar(total=1) as progress:
            http = pooch.HTTPDownloader(progressbar=_Bar(name, progress), timeout=TIMEOUT)
            return http(url, output_file, keeper, check_only=check_only)

    return download


def _reason(error: Exception) -> str:
    """A short line for what went wrong at one address."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"the server answered {str(error).partition(' for url')[0]}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} seconds"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error)


def _how_to_get(source: Source, name: str, failures: Mapping[str, str], folder: Path) -> str:
    tried = "\n".join(f"  {url}{name}: {reason}" for url, reason in failures.items())
    return (
        f"expected to find {name} in {folder} or to download it, got neither:\n{tried}\n"
        "Go online and call again, or copy these files from another machine:\n"
        f"  {', '.join(source.checksums)}\n"
        f"to the folder {folder},\n"
        f"or to any folder, and set the environment variable {FOLDER_VARIABLE} to it.\n"
        f"If your network has a mirror, set {URL_VARIABLE}, or pass base_url."
    )
