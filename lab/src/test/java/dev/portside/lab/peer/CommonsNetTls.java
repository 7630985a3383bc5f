package dev.portside.lab.peer;

import dev.portside.lab.peer.TlsClient.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.PrintCommandListener;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/**
 * Commons-net with the TLS of Bouncy Castle, which can be told which session a connection resumes; with the JDK's,
 * commons-net can resume none unless a program reaches into the JDK's session cache by reflection.
 */
public final class CommonsNetTls extends FTPSClient {
    private static final int LIMIT = Math.toIntExact(Duration.ofSeconds(10).toMillis());

    private final boolean resume;
    private final boolean active;

    /** Makes a client that trusts the target's authorities and is not connected yet. */
    public CommonsNetTls(Target target) throws IOException, GeneralSecurityException {
        super(target.implicit(), trusting(target.authorities()));
        this.resume = target.resume();
        this.active = target.active();
        TlsVersions versions = target.versions();
        setEnabledProtocols(
                versions == TlsVersions.BOTH
                        ? new String[] {versions.newest(), versions.oldest()}
                        : new String[] {versions.newest()});
        setConnectTimeout(LIMIT);
        setDefaultTimeout(LIMIT);
        setDataTimeout(Duration.ofMillis(LIMIT));
    }

    private static SSLContext trusting(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(authorities)) {
            store.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        Provider provider = new BouncyCastleJsseProvider(new BouncyCastleProvider());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", provider);
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS", provider);
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Override
    protected void _prepareDataSocket_(Socket socket) {
        if (resume && socket instanceof BCSSLSocket data && _socket_ instanceof BCSSLSocket control) {
            data.setBCSessionToResume(control.getConnection().getSession());
        }
    }

    /** Runs the transfers of {@link TlsClient#transfer} and returns the commands and replies. */
    static String run(Target target, int count, Path work) throws Exception {
        StringWriter said = new StringWriter();
        CommonsNetTls client = new CommonsNetTls(target);
        client.addProtocolCommandListener(new PrintCommandListener(new PrintWriter(said), true));
        try {
            client.session(target, count, work);
        } catch (IOException | Refusal e) {
            throw new AssertionError(said.toString(), e);
        } finally {
            client.disconnect();
        }
        return said.toString();
    }

    /** Connects and logs in, everything protected. */
    public void open(Target target) throws IOException, Refusal {
        connect(target.server().getAddress(), target.server().getPort());
        must(login(target.user(), target.password()));
        execPBSZ(0);
        execPROT("P");
        if (!active) {
            enterLocalPassiveMode();
        }
        must(setFileType(FTP.BINARY_FILE_TYPE));
    }

    private void session(Target target, int count, Path work) throws IOException, Refusal {
        open(target);
        for (int i = 0; i < count; i++) {
            if (i % 2 == 0) {
                try (InputStream file = Files.newInputStream(work.resolve("up/" + i + ".bin"))) {
                    must(storeFile(i + ".bin", file));
                }
            } else {
                try (OutputStream file = Files.newOutputStream(work.resolve("down/" + (i - 1) + ".bin"))) {
                    must(retrieveFile(i - 1 + ".bin", file));
                }
            }
        }
        FTPFile[] files = listFiles();
        Files.writeString(
                work.resolve("list"),
                Arrays.stream(files).map(FTPFile::getRawListing).collect(Collectors.joining("\n")));
        must(logout());
    }

    private static void must(boolean done) throws Refusal {
        if (!done) {
            throw new Refusal();
        }
    }

    /** The server said no: the reply is in what was said. */
    public static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
    }
}
