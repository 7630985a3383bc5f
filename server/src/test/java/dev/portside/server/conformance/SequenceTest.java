package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.CommandParser;
import dev.portside.protocol.Reply;
import dev.portside.testkit.ScriptedClient;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands at the wrong time. */
class SequenceTest extends Conformance {
    /** What somebody whom nobody knows may say; none of it touches a file or a port. */
    private static final Set<String> FOR_EVERYBODY = Set.of(
            "USER", "PASS", "ACCT", "REIN", "QUIT", "HOST", "AUTH", "ADAT", "PBSZ", "PROT", "CCC", "FEAT", "OPTS",
            "LANG", "CLNT", "CSID", "SYST", "HELP", "NOOP", "ABOR");

    private static String complete(String verb) {
        return switch (verb) {
            case "PORT" -> "PORT 127,0,0,1,200,200";
            case "EPRT" -> "EPRT |1|127.0.0.1|50000|";
            case "TYPE" -> "TYPE I";
            case "MODE" -> "MODE S";
            case "STRU" -> "STRU F";
            case "REST", "ALLO" -> verb + " 1";
            case "RANG" -> "RANG 1 2";
            case "MFMT", "MFCT" -> verb + " 20240101000000 a.bin";
            case "MFF" -> "MFF modify=20240101000000; a.bin";
            case "SITE" -> "SITE CHMOD 000 a.bin";
            case "CDUP", "XCUP", "PWD", "XPWD", "PASV", "EPSV", "CPSV" -> verb;
            case "SSCN" -> "SSCN ON";
            default -> verb + " a.bin";
        };
    }

    @Test
    void everyVerbThatTouchesFilesOrPorts_is530_beforeLogin() throws Exception {
        Set<String> verbs = new TreeSet<>(CommandParser.verbs());
        verbs.removeAll(FOR_EVERYBODY);
        assertThat(verbs).hasSizeGreaterThan(40).contains("RETR", "STOR", "PASV", "SITE", "MLST", "STAT");
        try (ScriptedClient client = server.connect()) {
            for (String verb : verbs) {
                Reply reply = client.command(complete(verb));
                assertThat(reply.code().value()).as(verb + ": " + reply).isEqualTo(530);
            }
            client.command("USER alice", 331);
            for (String verb : verbs) {
                client.command(complete(verb), 530);
            }
            client.command("PASS open sesame", 230);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void afterRein_nobodyIsLoggedIn() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.command("REST 5", 350);
            client.command("REIN", 220);
            client.command("PWD", 530);
            client.command("RETR a.bin", 530);
            client.login("alice", "open sesame");
            client.command("RETR a.bin", 425);
        }
    }

    @ParameterizedTest
    @CsvSource({"PASS open sesame, 503", "RNTO b.bin, 530", "USER, 501", "HOST, 501", "PASS, 503"})
    void beforeUser(String line, int code) throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.command(line, code);
            client.login("alice", "open sesame");
        }
    }

    @Test
    void emptyPassword_isAWrongOne() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.command("USER alice", 331);
            client.command("PASS", 530);
            client.command("USER alice", 331);
            client.command("PASS ", 530);
        }
    }

    @Test
    void userOnceMore_needsItsPasswordOnceMore() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.command("USER alice", 331);
            client.command("USER nobody", 331);
            client.command("PASS open sesame", 530);
            client.command("PASS open sesame", 503);
        }
    }

    @Test
    void user_whenLoggedIn_changesNobody() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("USER root", 530);
            client.command("PASS x", 202, 503);
            client.command("PWD", 257);
        }
    }

    @Test
    void rnto_withoutRnfr_is503() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("RNTO b.bin", 503);
            client.command("RNFR a.bin", 350);
            client.command("NOOP", 200);
            client.command("RNTO b.bin", 503);
            client.command("RNFR a.bin", 350);
            client.command("RNTO b.bin", 250);
            client.command("RNTO c.bin", 503);
            client.command("RNFR nowhere", 550);
            client.command("RNTO c.bin", 503);
            client.command("RNFR b.bin", 350);
            client.command("RNTO a.bin", 250);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR a.bin", "STOR b.bin", "APPE b.bin", "STOU", "LIST", "NLST", "MLSD"})
    void transfer_withoutDataPort_is425(String line) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(line, 425);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void dataPort_isUsedUpByATransferThatIsRefused() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("RETR nowhere", 550);
            client.command("RETR a.bin", 425);
            assertThatThrownBy(() -> ScriptedClient.readAll(data)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void epsvAll_refusesEverythingElse_forTheRestOfTheSession() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("EPSV ALL", 200);
            client.command("PASV", 503, 501, 500);
            client.command("PORT 127,0,0,1,200,200", 503, 501, 500);
            client.command("EPRT |1|127.0.0.1|50000|", 503, 501, 500);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            client.command("PASV", 503, 501, 500);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EPSV 2, 522",
        "EPSV 3, 522",
        "EPSV 1, 229",
        "EPSV x, 501",
        "EPRT |3|127.0.0.1|50000|, 522",
        "EPRT |2|::1|50000|, 522",
        "EPRT |1|::1|50000|, 501",
        "EPRT |1|127.0.0.1|0|, 501",
        "EPRT |1|127.0.0.1|65536|, 501",
        "EPRT |1|127.0.0.1|99999999999|, 501",
        "EPRT |1|localhost|50000|, 501",
        "EPRT ||127.0.0.1|50000|, 522",
        "EPRT, 501",
        "EPRT |, 501",
        "EPRT |1|127.0.0.1|50000, 501",
        "'PORT 127,0,0,1,256,1', 501",
        "'PORT 127,0,0,1,1', 501",
        "'PORT 1,2,3,4,5,6,7', 501",
        "PORT, 501",
        "'PORT 127,0,0,1,0,0', 501",
        "'PORT -127,0,0,1,200,1', 501",
        "'PORT 127,0,0,0001,200,1', 501"
    })
    void malformedOrForeignAddress(String line, int code) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(line, code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TYPE, 501", "TYPE X, 504", "TYPE A C, 504", "TYPE E, 504", "TYPE L 7, 504", "MODE B, 504", "MODE C, 504",
        "MODE X, 504", "STRU R, 504", "STRU P, 504", "AUTH TLS, 502", "AUTH, 501", "CCC, 502", "OPTS, 501",
        "SITE, 501", "SITE EXEC ls, 504", "SMNT x, 502", "MLST nowhere, 550", "FEAT x, 501", "SYST x, 501"
    })
    void unusualParameter(String line, int code) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(line, code);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH TLS", "AUTH SSL", "PBSZ 0", "PROT P", "ADAT x", "CCC"})
    void securityCommand_isRefusedClearly_asLongAsThereIsNoTls(String line) throws Exception {
        try (ScriptedClient client = server.connect()) {
            Reply reply = client.command(line);
            assertThat(reply.code().isPermanentNegative()).as(reply.toString()).isTrue();
            assertThat(reply.text()).contains("TLS");
            client.login("alice", "open sesame");
        }
    }
}
