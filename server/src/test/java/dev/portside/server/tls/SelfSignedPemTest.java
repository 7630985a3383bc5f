package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a self-signed certificate, and that others believe it. */
class SelfSignedPemTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:34:56.789Z");
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int IP_ADDRESS = 7;

    @TempDir
    private Path folder;

    private TlsIdentity made(Instant now, String... names) throws IOException {
        Set<String> all = new LinkedHashSet<>(List.of(names));
        Path file = Files.writeString(
                folder.resolve("made.pem"), SelfSignedPem.make(all, Clock.fixed(now, ZoneOffset.UTC)));
        return TlsIdentity.read(file, null, null);
    }

    @Test
    void certificate_isOfThisServerAndNoAuthority() throws Exception {
        X509Certificate leaf = made(NOW, "ftp.example.test").leaf();

        assertThat(leaf.getVersion()).isEqualTo(3);
        assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=ftp.example.test");
        assertThat(leaf.getIssuerX500Principal()).isEqualTo(leaf.getSubjectX500Principal());
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getKeyUsage()).containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
        assertThat(leaf.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(leaf.getNonCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.37", "2.5.29.17", "2.5.29.14");
        assertThat(leaf.getExtensionValue("2.5.29.14")).hasSize(2 + 2 + 32);
        leaf.verify(leaf.getPublicKey());
    }

    @Test
    void serial_isPositiveAndNeverTheSame() throws Exception {
        Set<BigInteger> serials = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            serials.add(made(NOW, "localhost").leaf().getSerialNumber());
        }
        assertThat(serials).hasSize(20).allSatisfy(serial -> {
            assertThat(serial).isPositive();
            assertThat(serial.bitLength()).isLessThanOrEqualTo(128);
        });
        assertThat(serials)
                .as("random throughout")
                .anySatisfy(serial -> assertThat(serial.bitLength()).isGreaterThan(120));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T12:34:56.789Z, 2026-11-19T12:34:56Z, 2036-11-20T12:34:56Z, 361120123456Z",
        "2039-12-31T23:59:59Z, 2039-12-30T23:59:59Z, 2049-12-31T23:59:59Z, 491231235959Z",
        "2040-01-01T00:00:00Z, 2039-12-31T00:00:00Z, 2050-01-01T00:00:00Z, 20500101000000Z",
        "2052-02-29T08:00:00Z, 2052-02-28T08:00:00Z, 2062-02-28T08:00:00Z, 20620228080000Z",
    })
    void validity_isFromYesterdayForTenYears(Instant now, Instant start, Instant end, String encoded) throws Exception {
        X509Certificate leaf = made(now, "localhost").leaf();

        assertThat(leaf.getNotBefore()).isEqualTo(start);
        assertThat(leaf.getNotAfter()).isEqualTo(end);
        // UTCTime or GeneralizedTime, and its length.
        String element = (encoded.length() == 13 ? "\u0017" : "\u0018") + (char) encoded.length() + encoded;
        assertThat(new String(leaf.getEncoded(), StandardCharsets.ISO_8859_1)).contains(element);
    }

    @Test
    void names_areHostNamesAndAddressesOfEitherFamily() throws Exception {
        X509Certificate leaf = made(
                        NOW, "*.example.test", "with_underscore.test", "192.0.2.7", "::1", "2001:db8::ffff:7")
                .leaf();

        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=*.example.test");
        assertThat(names(leaf))
                .containsExactlyInAnyOrder(
                        "*.example.test", "with_underscore.test", "192.0.2.7", "::1", "2001:db8::ffff:7");
    }

    @Test
    void names_canBeMany() throws Exception {
        String[] names = IntStream.range(0, 3000)
                .mapToObj(i -> "host-" + i + ".a-long-name-of-a-subdomain.example.test")
                .toArray(String[]::new);

        assertThat(names(made(NOW, names).leaf())).containsExactlyInAnyOrder(names);
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false", "253, false"})
    void name_thatIsTooLongForACommonName_isAnAlternativeOnly(int length, boolean fits) throws Exception {
        String name = "label.".repeat(42).substring(0, length - 1) + "x";

        X509Certificate leaf = made(NOW, name).leaf();

        assertThat(names(leaf)).containsExactly(name);
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=" + (fits ? name : "Portside"));
    }

    /** Of the literals and of host names with IPv6, Java compares the bytes. */
    private static Set<String> names(X509Certificate leaf) throws Exception {
        return leaf.getSubjectAlternativeNames().stream()
                .map(name -> name.getFirst().equals(IP_ADDRESS) ? shortest((String) name.get(1)) : (String) name.get(1))
                .collect(Collectors.toSet());
    }

    private static String shortest(String address) {
        return InetAddress.ofLiteral(address)
                .getHostAddress()
                .replace("0:0:0:0:0:0:0:1", "::1")
                .replace(":0:0:0:0:", "::");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void certificate_isTheTrustAnchorOfItsOwnConnection(String protocol) throws Exception {
        TlsIdentity identity = made(Instant.now(), "ftp.example.test", "192.0.2.7", "2001:db8::7");
        TlsClient client = new TlsClient(identity.leaf());
        SSLContext server = new TlsClient(identity.leaf(), identity).sessions();

        for (String host : List.of("ftp.example.test", "192.0.2.7", "2001:db8::7")) {
            SSLEngine engine = client.verifying(host, protocol);
            Handshake.between(engine, serving(server));
            assertThat(TlsClient.shown(engine)).isEqualTo(identity.leaf());
        }
        for (String host : List.of("other.example.test", "192.0.2.8", "2001:db8::8")) {
            SSLEngine engine = client.verifying(host, protocol);
            assertThat(Handshake.alert(engine, serving(server))).as(host).contains("No ");
        }
    }

    private static SSLEngine serving(SSLContext server) {
        SSLEngine engine = server.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }
}
