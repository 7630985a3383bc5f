package dev.portside.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM file (RFC 7468): {@code -----BEGIN label-----}, Base64, {@code -----END label-----}.
 *
 * @param source the name of the file, for messages
 * @param body what is between the two lines, not yet decoded: a block that nobody asks for may be anything
 */
record Pem(String source, String label, String body) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /** The blocks of a file in their order; what is around them is left out. */
    static List<Pem> blocks(String source, String text) throws IOException {
        List<Pem> blocks = new ArrayList<>();
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin)) {
            int label = begin + BEGIN.length();
            int labelEnd = text.indexOf(DASHES, label);
            String name = labelEnd < 0 ? "" : text.substring(label, labelEnd);
            String last = "-----END " + name + DASHES;
            int end = labelEnd < 0 ? -1 : text.indexOf(last, labelEnd);
            if (end < 0) {
                throw new IOException(source + ": a block has no END line; the file is cut off, copy it again");
            }
            blocks.add(new Pem(source, name, text.substring(labelEnd + DASHES.length(), end)));
            begin = end + last.length();
        }
        return blocks;
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
    }

    boolean isPrivateKey() {
        return label.equals("PRIVATE KEY") || label.endsWith(" PRIVATE KEY");
    }

    /** The encryption of OpenSSL before PKCS#8 (RFC 1421 headers): one round of MD5 between the password and the key. */
    boolean isEncryptedTheOldWay() {
        return body.contains("Proc-Type:") && body.contains("ENCRYPTED");
    }

    byte[] der() throws IOException {
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException notBase64) {
            throw new IOException(
                    source + ": the block " + label + " is not Base64; the file is damaged, copy it again", notBase64);
        }
    }
}
