package dev.portside.lab.network;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The name server of the host of the servers: it knows one address, whatever the name, and can change its mind, or fall silent
 * (RFC 1035, questions for A only).
 */
final class NameServer {
    private static final int PORT = 53;
    private static final int HEADER = 12;
    private static final short ANSWER = (short) 0x8180;
    private static final byte[] TYPE_A_CLASS_IN = {0, 1, 0, 1};

    /** Null: silent. */
    private static final AtomicReference<InetAddress> ADDRESS = new AtomicReference<>();

    private static final Semaphore QUESTIONS = new Semaphore(0);

    private NameServer() {}

    /**
     * What is put before a command, so that it asks this name server: it sees other files in {@code /etc}, and nobody else
     * does.
     *
     * @param directory where these files are kept
     */
    static List<String> around(Path directory) throws IOException {
        Path resolver = directory.resolve("resolv.conf");
        Files.writeString(resolver, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
        Path order = directory.resolve("nsswitch.conf");
        Files.writeString(order, "hosts: files dns\n");
        return List.of(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "mount --bind " + resolver + " /etc/resolv.conf; mount --bind " + order
                        + " /etc/nsswitch.conf; exec \"$@\"",
                "sh");
    }

    /** Starts it; it runs until the host ends, whose JDK keeps no answers from now on. */
    static boolean start(String address) throws IOException {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT));
        Thread.ofPlatform().daemon().start(() -> answer(socket));
        return answerWith(address);
    }

    static boolean answerWith(String address) {
        ADDRESS.set(InetAddress.ofLiteral(address));
        return true;
    }

    /** Says nothing from now on, and waits until somebody has asked in vain. */
    static boolean fallSilent() throws InterruptedException {
        ADDRESS.set(null);
        QUESTIONS.drainPermits();
        return QUESTIONS.tryAcquire(20, TimeUnit.SECONDS);
    }

    private static void answer(DatagramSocket socket) {
        byte[] buffer = new byte[512];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                InetAddress address = ADDRESS.get();
                QUESTIONS.release();
                if (address != null) {
                    byte[] answer = answer(buffer, packet.getLength(), address);
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException ended) {
            // With the host.
        }
    }

    /** The question again, and behind it the address; none to a question for another type. */
    private static byte[] answer(byte[] message, int length, InetAddress address) {
        int end = HEADER;
        while (message[end] != 0) {
            end += message[end] + 1;
        }
        boolean known = message[end + 2] == TYPE_A_CLASS_IN[1];
        int questionEnd = Math.min(end + 1 + TYPE_A_CLASS_IN.length, length);
        ByteBuffer answer = ByteBuffer.allocate(512)
                .putShort(ByteBuffer.wrap(message).getShort())
                .putShort(ANSWER)
                .putShort((short) 1)
                .putShort((short) (known ? 1 : 0))
                .putInt(0)
                .put(message, HEADER, questionEnd - HEADER);
        if (known) {
            // The name of the question, at the 12th byte.
            answer.putShort((short) 0xc00c).put(TYPE_A_CLASS_IN).putInt(0);
            answer.putShort((short) 4).put(address.getAddress());
        }
        byte[] sent = new byte[answer.position()];
        answer.flip().get(sent);
        return sent;
    }
}
