"""Uploads and downloads in one session of ftplib.FTP_TLS.

Arguments: host port explicit|implicit user password CA-file oldest newest resume|fresh active|passive count
The files are up/0.bin, up/2.bin, ...; what comes back goes to down/, the listing to list.
"""

import ftplib
import socket
import ssl
import sys


class Session(ftplib.FTP_TLS):
    """What ftplib lacks: data connections that resume the TLS session, and TLS from the first byte on."""

    implicit = False
    resume = False

    def connect(self, host, port, timeout):
        self.host, self.port, self.timeout = host, port, timeout
        self.sock = socket.create_connection((host, port), timeout)
        self.af = self.sock.family
        if self.implicit:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def ntransfercmd(self, cmd, rest=None):
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session if self.resume else None
        data = self.context.wrap_socket(data, server_hostname=self.host, session=session)
        print(cmd, data.version(), "resumed" if data.session_reused else "not resumed")
        return data, size


host, port, mode, user, password, authorities, oldest, newest, resume, data, count = sys.argv[1:]
versions = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
context = ssl.create_default_context(cafile=authorities)
context.minimum_version = versions[oldest]
context.maximum_version = versions[newest]

ftp = Session(context=context)
ftp.set_debuglevel(1)
ftp.implicit = mode == "implicit"
ftp.resume = resume == "resume"
ftp.connect(host, int(port), 10)
ftp.login(user, password)
ftp.prot_p()
ftp.set_pasv(data == "passive")
for i in range(int(count)):
    if i % 2 == 0:
        with open(f"up/{i}.bin", "rb") as file:
            ftp.storbinary(f"STOR {i}.bin", file)
    else:
        with open(f"down/{i - 1}.bin", "wb") as file:
            ftp.retrbinary(f"RETR {i - 1}.bin", file.write)
with open("list", "w") as file:
    ftp.retrlines("LIST", lambda line: print(line, file=file))
ftp.quit()
