package dev.portside.lab.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * The inspection of FTP in a gateway that gets it wrong: control connections go through it, and it changes lines of replies.
 * It tells the server by a PROXY header who the client is, so that the server sees what it would see behind a gateway.
 */
final class RewritingGateway {
    private RewritingGateway() {}

    /**
     * Starts one; it runs until the host ends.
     *
     * @param replies what becomes of each line of a reply; an empty line: it never arrives
     */
    static boolean start(String address, int port, String server, int serverPort, UnaryOperator<String> replies)
            throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket client = listening.accept();
                    Thread.ofVirtual().start(() -> connect(client, server, serverPort, replies));
                }
            } catch (IOException ended) {
                // With the host.
            }
        });
        return true;
    }

    private static void connect(Socket client, String server, int port, UnaryOperator<String> replies) {
        try (client;
                Socket there = new Socket(server, port)) {
            String header = "PROXY TCP4 " + client.getInetAddress().getHostAddress() + " "
                    + client.getLocalAddress().getHostAddress() + " " + client.getPort() + " " + port + "\r\n";
            there.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
            Thread commands = Thread.ofVirtual().start(() -> copy(client, there));
            copyLines(there.getInputStream(), client.getOutputStream(), replies);
            client.shutdownOutput();
            commands.join();
        } catch (IOException gone) {
            // One of the two has closed.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket client, Socket there) {
        try {
            client.getInputStream().transferTo(there.getOutputStream());
            there.shutdownOutput();
        } catch (IOException gone) {
            // As above.
        }
    }

    private static void copyLines(InputStream from, OutputStream to, UnaryOperator<String> replies) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.ISO_8859_1));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String changed = replies.apply(line);
            if (!changed.isEmpty()) {
                to.write((changed + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
