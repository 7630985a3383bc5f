package dev.portside.client;

/** What nobody but the client reads. */
public final class FtpClientTlsAccess {
    private FtpClientTlsAccess() {}

    public static String keyPassword(FtpClientTls tls) {
        char[] password = tls.clientKeyPassword();
        return password == null ? null : new String(password);
    }
}
