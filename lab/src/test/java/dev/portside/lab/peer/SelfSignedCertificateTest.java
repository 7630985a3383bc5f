package dev.portside.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.portside.server.tls.SelfSigned;
import dev.portside.transport.TlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The certificate that our server makes for itself is the only trust anchor of real TLS libraries, and good enough for its own
 * connection. Over HTTPS, which all of them speak: it is about the certificate alone.
 */
class SelfSignedCertificateTest {
    /** As strict as Python 3.13 is by default. */
    private static final String PYTHON = """
            import ssl, sys, urllib.request
            trust = ssl.create_default_context(cafile=sys.argv[1])
            trust.verify_flags |= ssl.VERIFY_X509_STRICT
            print(urllib.request.urlopen(sys.argv[2], context=trust).status)
            """;

    @TempDir
    Path folder;

    private HttpsServer server;
    private String file;
    private String anotherFile;

    @BeforeEach
    void start() throws Exception {
        TlsIdentity made = new SelfSigned(folder.resolve("made"), List.of("localhost")).first();
        file = folder.resolve("made/self-signed.pem").toString();
        new SelfSigned(folder.resolve("another"), List.of("localhost")).first();
        anotherFile = folder.resolve("another/self-signed.pem").toString();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serving(made)));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static SSLContext serving(TlsIdentity identity) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("server", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        SSLContext sessions = SSLContext.getInstance("TLS");
        sessions.init(keys.getKeyManagers(), null, null);
        return sessions;
    }

    private String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Test
    void openssl_verifiesItStrictly() throws Exception {
        String verify =
                "verify -x509_strict -check_ss_sig -purpose sslserver -verify_hostname localhost -verify_ip ::1";
        RealClient openssl = RealClient.named("openssl").in(folder.resolve("made"));

        openssl.run((verify + " -CAfile self-signed.pem self-signed.pem").split(" "))
                .succeeded();
    }

    @Test
    void curl_trustsItAndNoOther() throws Exception {
        assertThat(curl(file).exitCode()).isZero();
        assertThat(curl(anotherFile).errors()).contains("certificate");
    }

    private RealClient.Outcome curl(String authorities) throws Exception {
        return RealClient.named("curl").run("--silent", "--show-error", "--cacert", authorities, url());
    }

    @Test
    void lftp_trustsItAndNoOther() throws Exception {
        assertThat(lftp(file).exitCode()).isZero();
        assertThat(lftp(anotherFile).errors()).contains("Certificate verification");
    }

    private RealClient.Outcome lftp(String authorities) throws Exception {
        String script = "set net:max-retries 1; set ssl:verify-certificate true; set ssl:ca-file " + authorities
                + "; cat " + url();
        return RealClient.named("lftp").run("--norc", "-c", script);
    }

    @Test
    void python_trustsItAndNoOther() throws Exception {
        assertThat(python(file).succeeded().text()).isEqualTo("200\n");
        assertThat(python(anotherFile).errors()).contains("CERTIFICATE_VERIFY_FAILED");
    }

    private RealClient.Outcome python(String authorities) throws Exception {
        return TlsClient.python(folder).run("-c", PYTHON, authorities, url());
    }
}
