"""Serves a directory with pyftpdlib until it is killed: address, port, user, password, directory, certificate or ''."""
import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

address, port, user, password, directory, certificate = sys.argv[1:]
logging.disable(logging.CRITICAL)
if certificate:
    from pyftpdlib.handlers import TLS_FTPHandler as handler

    handler.certfile = certificate
else:
    handler = FTPHandler
authorizer = DummyAuthorizer()
authorizer.add_user(user, password, directory, perm="elradfmwMT")
handler.authorizer = authorizer
handler.timeout = 0
handler.dtp_handler.timeout = 86400
server = FTPServer((address, int(port)), handler, backlog=4096)
server.max_cons = 20000
server.serve_forever()
