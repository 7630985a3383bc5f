package dev.portside.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.testkit.LeakCheckExtension;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** By a name server that answers when it is told to. */
@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class ExternalAddressesTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("198.51.100.7");
    private static final InetAddress LAN_CLIENT = InetAddress.ofLiteral("192.168.1.7");
    private static final InetAddress LOCAL = InetAddress.ofLiteral("192.168.1.1");
    private static final String FAILS = "";

    /** Taken only when the next lookup asks. */
    private final BlockingQueue<String> answers = new SynchronousQueue<>();

    private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

    private ExternalAddresses addresses() {
        FtpServerNetwork network = FtpServerNetwork.builder()
                .externalAddress("ftp.example.net")
                .externalAddress(ClientNetwork.parse("192.168.0.0/16"), "")
                .externalAddress(ClientNetwork.parse("10.0.0.0/8"), "10.0.0.1")
                .externalRefresh(Duration.ofMillis(1))
                .build();
        return new ExternalAddresses(network, warnings::add, this::lookUp);
    }

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        try {
            String answer = answers.take();
            if (answer.isEmpty()) {
                throw new UnknownHostException(name);
            }
            String[] found = answer.split(" ");
            InetAddress[] all = new InetAddress[found.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = InetAddress.ofLiteral(found[i]);
            }
            return all;
        } catch (InterruptedException stop) {
            throw new UnknownHostException("interrupted");
        }
    }

    /** Returns when the answers were taken: what the last one changes may still be on its way, what was before it has come. */
    private void answer(String... next) throws InterruptedException {
        for (String each : next) {
            answers.put(each);
        }
    }

    /** The lookup that waits for an answer gets one, again and again, until it is closed. */
    private void close(ExternalAddresses addresses) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Thread server = Thread.ofVirtual().start(() -> {
            while (closed.getCount() > 0) {
                try {
                    answers.offer("192.0.2.99", 1, TimeUnit.MILLISECONDS);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        });
        addresses.close();
        closed.countDown();
        server.join();
    }

    @Test
    void addressesAreNamed_whileANameServerHangs_andTheNameIsNotKnown() throws Exception {
        ExternalAddresses addresses = addresses();
        addresses.start();
        assertThat(addresses.named(LAN_CLIENT, LOCAL)).isEqualTo(LOCAL);
        assertThat(addresses.named(InetAddress.ofLiteral("10.1.1.1"), LOCAL))
                .isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
        assertThat(addresses.named(CLIENT, LOCAL)).isNull();
        close(addresses);
    }

    @Test
    void address_changesWithTheName() throws Exception {
        ExternalAddresses addresses = addresses();
        addresses.start();
        answer("192.0.2.1", "192.0.2.1");
        assertThat(addresses.named(CLIENT, LOCAL)).isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        answer("192.0.2.2", "192.0.2.2");
        assertThat(addresses.named(CLIENT, LOCAL)).isEqualTo(InetAddress.ofLiteral("192.0.2.2"));
        close(addresses);
        assertThat(warnings).isEmpty();
    }

    @Test
    void failedRefresh_keepsTheLastAddress_andWarnsOnceUntilItSucceeds() throws Exception {
        ExternalAddresses addresses = addresses();
        addresses.start();
        answer("192.0.2.1", FAILS, FAILS, FAILS);
        assertThat(addresses.named(CLIENT, LOCAL)).isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(warnings.take()).contains("ftp.example.net", "192.0.2.1 stays in use");
        assertThat(warnings).isEmpty();
        answer("192.0.2.1", FAILS, "192.0.2.1");
        assertThat(warnings.take()).contains("ftp.example.net");
        close(addresses);
    }

    @Test
    void nameThatWasNeverKnown_isWarnedOf() throws Exception {
        ExternalAddresses addresses = addresses();
        addresses.start();
        answer(FAILS, FAILS);
        assertThat(warnings.take()).contains("PASV is refused");
        answer("2001:db8::1");
        assertThat(addresses.named(CLIENT, LOCAL)).isNull();
        answer("192.0.2.1", "2001:db8::1", "2001:db8::1");
        assertThat(warnings.take()).contains("no IPv4 address");
        close(addresses);
    }

    @Test
    void ofSeveralAddresses_theOneInUseStays() throws Exception {
        ExternalAddresses addresses = addresses();
        addresses.start();
        answer("2001:db8::1 192.0.2.1 192.0.2.2", "192.0.2.2 192.0.2.1", "192.0.2.2 192.0.2.1");
        assertThat(addresses.named(CLIENT, LOCAL)).isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        close(addresses);
    }
}
