package dev.portside.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TransferRepliesTest {
    private static Reply reply(int code, String text) {
        return new Reply(new ReplyCode(code), text);
    }

    private static OptionalLong size(String text, String path) {
        return TransferReplies.announcedSize(reply(150, text), path);
    }

    @Test
    void theSize_isAtTheEnd() {
        assertThat(size("Opening BINARY mode data connection for a (123 bytes).", "a"))
                .hasValue(123);
        assertThat(size("Opening data connection for a (1 byte)", "a")).hasValue(1);
        assertThat(size("Opening (12 bytes) for you", "a")).isEmpty();
        assertThat(size("12.3 kbytes to download", "a")).isEmpty();
        assertThat(size("a (99999999999999999999 bytes)", "a")).isEmpty();
        assertThat(TransferReplies.announcedSize(reply(226, "sent (5 bytes)"), "a"))
                .isEmpty();
    }

    @Test
    void whatMayBeAPartOfTheName_isNoSize() {
        assertThat(size("Opening data connection for a (12 bytes)", "a (12 bytes)"))
                .isEmpty();
    }

    @Test
    void theUniqueName_inItsTwoForms() {
        assertThat(TransferReplies.uniqueName(reply(150, "FILE: a.1"))).hasValue("a.1");
        assertThat(TransferReplies.uniqueName(reply(125, "file: with space "))).hasValue("with space");
        assertThat(TransferReplies.uniqueName(reply(226, "Transfer complete (unique file name:b.2).")))
                .hasValue("b.2");
        assertThat(TransferReplies.uniqueName(reply(226, "profile: done"))).isEmpty();
        assertThat(TransferReplies.uniqueName(null)).isEmpty();
    }
}
