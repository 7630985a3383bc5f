package dev.portside.cli.doctor;

import dev.portside.client.FtpClient;

/**
 * A session of the doctor with the server.
 *
 * @param tls whether it is secured
 */
record Visit(FtpClient client, Scribe scribe, boolean tls, Slots slots) implements AutoCloseable {
    @Override
    public void close() {
        slots.release(client);
    }
}
