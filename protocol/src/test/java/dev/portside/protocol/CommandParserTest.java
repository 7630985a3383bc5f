package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
    /** A good line for every verb, aliases included. */
    private static final List<String> GOOD = List.of(
            "ABOR",
            "ACCT accounting",
            "ADAT YWJj",
            "ALLO 1024",
            "APPE log.txt",
            "AUTH TLS",
            "AVBL /pub",
            "CCC",
            "CDUP",
            "CLNT curl 8.5",
            "CPSV",
            "CSID Name=Client;Version=1;",
            "CWD /pub/new files",
            "DELE old.txt",
            "EPRT |2|2001:db8::1|5282|",
            "EPSV ALL",
            "FEAT",
            "HASH big.iso",
            "HELP RETR",
            "HOST ftp.example.com",
            "LANG de-DE",
            "LIST -la /pub",
            "MDTM a.txt",
            "MFCT 20240105123456 a b.txt",
            "MFF Create=20240105123456;UNIX.mode=0644; a b.txt",
            "MFMT 20240105123456.789 a b.txt",
            "MKD new",
            "MLSD /pub",
            "MLST a.txt",
            "MODE S",
            "NLST *.txt",
            "NOOP",
            "OPTS MLST type;size;",
            "PASS secret word ",
            "PASV",
            "PBSZ 0",
            "PORT 192,0,2,1,195,80",
            "PROT P",
            "PWD",
            "QUIT",
            "RANG 0 99",
            "REIN",
            "REST 9223372036854775807",
            "RETR  leading and trailing ",
            "RMD old",
            "RNFR a",
            "RNTO b",
            "SITE CHMOD 644 a.txt",
            "SIZE a.txt",
            "SMNT /mnt",
            "SSCN ON",
            "STAT /pub",
            "STOR 日本語.txt",
            "STOU hint",
            "STRU F",
            "SYST",
            "TYPE I",
            "USER anonymous",
            "XCRC a",
            "XCUP",
            "XCWD a",
            "XMD5 a",
            "XMKD a",
            "XPWD",
            "XRMD a",
            "XSHA a",
            "XSHA1 a",
            "XSHA256 a",
            "XSHA512 a");

    /** Verbs that mean another one. */
    private static final Map<String, String> ALIASES =
            Map.of("XCUP", "CDUP", "XCWD", "CWD", "XMKD", "MKD", "XPWD", "PWD", "XRMD", "RMD", "XSHA1", "XSHA");

    static List<String> goodLines() {
        return GOOD;
    }

    private static String verb(String line) {
        return line.split(" ", 2)[0];
    }

    @Test
    void samples_coverEveryVerb() {
        assertThat(GOOD.stream().map(CommandParserTest::verb).collect(Collectors.toSet()))
                .isEqualTo(CommandParser.verbs());
    }

    @Test
    void everyRecordOfCommand_isReachedByAVerb() throws CommandSyntaxException {
        Set<Class<?>> reached = new HashSet<>();
        for (String line : GOOD) {
            reached.add(CommandParser.parse(line).getClass());
        }
        reached.add(Command.Unknown.class);
        assertThat(reached)
                .containsAll(Arrays.stream(Command.class.getDeclaredClasses())
                        .filter(Class::isRecord)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("goodLines")
    void line_ofAParsedCommand_isTheLineThatWasParsed(String line) throws CommandSyntaxException {
        Command command = CommandParser.parse(line);
        String canonical = ALIASES.getOrDefault(verb(line), verb(line))
                + line.substring(verb(line).length());
        assertThat(command.line()).isEqualTo(canonical);
        assertThat(CommandParser.parse(command.line())).isEqualTo(command);
    }

    @ParameterizedTest
    @MethodSource("goodLines")
    void verb_inLowerCase_isTheSameCommand(String line) throws CommandSyntaxException {
        String lower =
                verb(line).toLowerCase(Locale.ROOT) + line.substring(verb(line).length());
        assertThat(CommandParser.parse(lower)).isEqualTo(CommandParser.parse(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PASV",
                "QUIT",
                "TYPE A",
                "TYPE A N",
                "TYPE L 8",
                "MODE S",
                "STRU F",
                "REST 5",
                "ALLO 5",
                "EPSV 1",
                "EPSV ALL",
                "PORT 127,0,0,1,4,1",
                "EPRT |1|127.0.0.1|1025|",
                "USER x",
                "PBSZ 0",
                "PROT C",
                "RANG 1 2",
                "NOOP",
                "FEAT"
            })
    void trailingSpaces_doNotMatter(String line) throws CommandSyntaxException {
        assertThat(CommandParser.parse(line + "  ")).isEqualTo(CommandParser.parse(line));
    }

    @Test
    void spacesOfAPathname_arePartOfIt() throws CommandSyntaxException {
        assertThat(CommandParser.parse("RETR  a ")).isEqualTo(new Command.Retr(" a "));
        assertThat(CommandParser.parse("RNTO  ")).isEqualTo(new Command.Rnto(" "));
    }

    @ParameterizedTest
    @MethodSource("goodLines")
    void crLfAndNul_areRefusedAnywhereInTheArgument(String line) {
        for (String bad : List.of("\r", "\n", "\0", "\r\nDELE x")) {
            assertRefused(line + " " + bad, 501);
            assertRefused(line + " " + bad + "x", 501);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "a\r\nDELE x", "\n"})
    void constructors_refuseCrLfAndNul(String bad) {
        List<Runnable> constructors = List.of(
                () -> new Command.User(bad),
                () -> new Command.Pass(bad),
                () -> new Command.Acct(bad),
                () -> new Command.Retr(bad),
                () -> new Command.Stor(bad),
                () -> new Command.Cwd(bad),
                () -> new Command.Site(bad),
                () -> new Command.Opts(bad),
                () -> new Command.Host(bad),
                () -> new Command.Mfmt(Timestamp.parse("20240101000000"), bad),
                () -> new Command.Mff(Map.of("modify", bad), "x"),
                () -> new Command.Mff(Map.of("modify", "1"), bad),
                () -> new Command.Unknown("X", bad),
                () -> new Command.Unknown(bad, "x"));
        for (Runnable constructor : constructors) {
            assertThatIllegalArgumentException().isThrownBy(constructor::run);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "a b", "a=b", ""})
    void mff_withAFactNameThatWouldReadAsSomethingElse_isRefused(String fact) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Command.Mff(Map.of(fact, "1"), "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RETR",
                "RETR ",
                "STOR",
                "APPE",
                "CWD",
                "DELE",
                "MKD",
                "RMD",
                "RNFR",
                "RNTO",
                "SIZE",
                "MDTM",
                "HASH",
                "SMNT",
                "XCRC",
                "USER",
                "USER  ",
                "HOST",
                "SITE",
                "OPTS",
                "AUTH",
                "TYPE",
                "STRU",
                "MODE",
                "REST",
                "ALLO",
                "PORT",
                "EPRT",
                "PROT",
                "PBSZ",
                "RANG",
                "RANG 1",
                "RANG 1 2 3",
                "RANG 1 x",
                "MFMT",
                "MFMT 20240101000000",
                "MFMT 20240101000000 ",
                "MFMT yesterday a",
                "MFCT 20240101000000",
                "MFF",
                "MFF a",
                "MFF a=1 b",
                "MFF ; b",
                "MFF a=1;",
                "MFF a=1; ",
                "MFF =1; b",
                "EPSV x",
                "ALLO x",
                "ALLO 1 R",
                "ALLO 1 R x",
                "ALLO 1 X 2",
                "PWD now",
                "PASV 1",
                "CDUP /",
                "FEAT x"
            })
    void aMissingOrBadArgument_is501(String line) {
        assertRefused(line, 501);
    }

    @Test
    void argumentsThatMayBeMissing_areEmpty() throws CommandSyntaxException {
        for (String verb :
                List.of("LIST", "NLST", "STAT", "MLST", "MLSD", "STOU", "HELP", "LANG", "AVBL", "PASS", "ACCT")) {
            assertThat(CommandParser.parse(verb).argument()).isEmpty();
            assertThat(CommandParser.parse(verb).line()).isEqualTo(verb);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", " NOOP", "\r", "\0", "RETR\ta", "ABCDEFGHIJKLMNOPQ", "ſTOR a", "quıt", "GET/ x", "日本"})
    void aLineWithoutAVerb_is500(String line) {
        assertRefused(line, 500);
    }

    @Test
    void anUnknownVerb_isKeptAsItCame() throws CommandSyntaxException {
        assertThat(CommandParser.parse("xyzzy  a b ")).isEqualTo(new Command.Unknown("XYZZY", " a b "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "+1", "1.5", "0x10", "9223372036854775808", "99999999999999999999", "１", "1 2", "1e3"})
    void rest_outOfBounds_is501(String number) {
        assertRefused("REST " + number, 501);
        assertRefused("PBSZ " + number, 501);
    }

    @Test
    void rest_fromZeroToTheLargestLong_isRead() throws CommandSyntaxException {
        assertThat(CommandParser.parse("REST 0")).isEqualTo(new Command.Rest(0));
        assertThat(CommandParser.parse("REST 0000000000000000007")).isEqualTo(new Command.Rest(7));
        assertThat(CommandParser.parse("REST 9223372036854775807")).isEqualTo(new Command.Rest(Long.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> new Command.Rest(-1));
    }

    @Test
    void allo_withARecordSize_isTheFileSize() throws CommandSyntaxException {
        assertThat(CommandParser.parse("ALLO 100 R 20")).isEqualTo(new Command.Allo(100));
        assertThat(CommandParser.parse("allo 100 r 20")).isEqualTo(new Command.Allo(100));
    }

    @Test
    void epsv_knowsItsFourForms() throws CommandSyntaxException {
        assertThat(CommandParser.parse("EPSV")).isEqualTo(new Command.Epsv(Command.Epsv.Argument.NONE));
        assertThat(CommandParser.parse("EPSV 1")).isEqualTo(new Command.Epsv(Command.Epsv.Argument.IPV4));
        assertThat(CommandParser.parse("EPSV 2")).isEqualTo(new Command.Epsv(Command.Epsv.Argument.IPV6));
        assertThat(CommandParser.parse("epsv all")).isEqualTo(new Command.Epsv(Command.Epsv.Argument.ALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPSV 3", "EPSV 0", "EPRT |3|127.0.0.1|1025|", "EPRT |9|::1|1025|"})
    void aNetworkProtocolThatWeDoNotSpeak_is522(String line) {
        assertRefused(line, 522);
        CommandSyntaxException refused = refusal(line);
        assertThat(refused.reply().text()).contains("(1,2)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EPRT |1|127.0.0.1|0|",
                "EPRT |1|127.0.0.1|65536|",
                "EPRT |1|127.0.0.1|1025",
                "EPRT 1|127.0.0.1|1025|",
                "EPRT |1|::1|1025|",
                "EPRT |2|127.0.0.1|1025|",
                "EPRT |2|fe80::1%eth0|1025|",
                "EPRT |1|127.1|1025|",
                "EPRT |1|localhost|1025|",
                "EPRT |2|[::1]|1025|",
                "EPRT |1|256.0.0.1|1025|",
                "EPRT |1||1025|",
                "EPRT |",
                "EPRT ||||",
                "EPRT |||||",
                "PORT 127,0,0,1,0,0",
                "PORT 256,0,0,1,4,1",
                "PORT 127,0,0,1,4",
                "PORT 127,0,0,1,4,1,",
                "PORT 127, 0,0,1,4,1",
                "PORT (127,0,0,1,4,1)",
                "PORT a,b,c,d,e,f"
            })
    void aMalformedAddress_is501(String line) {
        assertRefused(line, 501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TYPE X", "TYPE A T", "TYPE A C", "TYPE L 7", "TYPE L", "STRU X", "MODE X", "PROT X"})
    void aParameterThatIsNotImplemented_is504(String line) {
        assertRefused(line, 504);
    }

    @Test
    void type_isReadInAllItsForms() throws CommandSyntaxException {
        assertThat(CommandParser.parse("type a n")).isEqualTo(new Command.Type(RepresentationType.ASCII));
        assertThat(CommandParser.parse("TYPE A  N")).isEqualTo(new Command.Type(RepresentationType.ASCII));
        assertThat(CommandParser.parse("TYPE i")).isEqualTo(new Command.Type(RepresentationType.IMAGE));
        assertThat(CommandParser.parse("TYPE L8")).isEqualTo(new Command.Type(RepresentationType.LOCAL_8));
        assertThat(CommandParser.parse("TYPE E")).isEqualTo(new Command.Type(RepresentationType.EBCDIC));
    }

    @Test
    void secrets_areMaskedEverywhere() throws CommandSyntaxException {
        for (String line : List.of("PASS hunter2", "ACCT hunter2", "ADAT hunter2")) {
            Command command = CommandParser.parse(line);
            assertThat(command.masked()).doesNotContain("hunter2").contains("****");
            assertThat(command.toString()).doesNotContain("hunter2");
        }
        assertThat(new Command.Unknown("pas", "hunter2").masked()).doesNotContain("hunter2");
    }

    private static void assertRefused(String line, int code) {
        assertThatExceptionOfType(CommandSyntaxException.class)
                .as("%s", line)
                .isThrownBy(() -> CommandParser.parse(line))
                .satisfies(refused -> {
                    assertThat(refused.reply().code().value()).isEqualTo(code);
                    assertThat(refused.reply().wireLines()).noneMatch(wire -> wire.matches("(?s).*[\r\n\0].*"));
                });
    }

    private static CommandSyntaxException refusal(String line) {
        return catchThrowableOfType(CommandSyntaxException.class, () -> CommandParser.parse(line));
    }
}
