"""A socket has the notebook's name."""

import os
import socket

POINTS = None
REASON = "hand in the notebook file itself"


def submission(solved, untouched):
    def make(path):
        before = os.getcwd()
        os.chdir(path.parent)  # the whole path is too long for a socket
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
        os.chdir(before)

    return make
