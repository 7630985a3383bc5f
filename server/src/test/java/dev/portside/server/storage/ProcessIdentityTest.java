package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
    @TempDir
    Path directory;

    private ProcessIdentity identity(String status) throws IOException {
        return ProcessIdentity.current(Files.writeString(directory.resolve("status"), status));
    }

    @Test
    void bits_areThoseOfTheOwnerOrTheGroupOrTheOthers() throws IOException {
        ProcessIdentity identity = identity(
                "Name:\tjava\nUid:\t1\t1000\t1\t1\nGid:\t2\t2000\t2\t2\nGroups:\t27 30 \nCapEff:\t0000000000000000\n");
        assertThat(identity.bits(0421, 1000, 2000)).isEqualTo(4);
        assertThat(identity.bits(0421, 1, 2000)).isEqualTo(2);
        assertThat(identity.bits(0421, 1, 30)).isEqualTo(2);
        assertThat(identity.bits(0421, 1, 2)).isEqualTo(1);
        assertThat(identity.bits(0077, 1000, 2000)).isZero();
    }

    @Test
    void bits_doNotBindWhoOverridesThem() throws IOException {
        ProcessIdentity identity =
                identity("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\nCapEff:\t000001ffffffffff\n");
        assertThat(identity.bits(0, 1000, 1000)).isEqualTo(7);
    }

    @Test
    void bits_doNotBindWhereNobodyTellsWhoWeAre() throws IOException {
        assertThat(identity("nonsense").bits(0, 1000, 1000)).isEqualTo(7);
        assertThat(ProcessIdentity.current(directory.resolve("missing")).bits(0, 0, 0))
                .isEqualTo(7);
    }
}
