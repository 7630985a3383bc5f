package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.check.Machine;
import dev.portside.cli.check.Machine.Device;
import dev.portside.cli.check.Machine.Local;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command on a machine whose {@code /proc} and programs are files of the test; ports are those of this machine. */
class CheckCommandTest {
    private static final String ALL_CAPABILITIES = "000001ffffffffff";

    @TempDir
    Path root;

    @TempDir
    Path home;

    private final List<Device> devices = new ArrayList<>();
    private CapturedConsole console;
    private Path served;

    @BeforeEach
    void ordinaryMachine() throws IOException {
        served = Files.createDirectory(home.resolve("files"));
        file("proc/self/status", "Name:\tjava\nCapEff:\t" + ALL_CAPABILITIES + "\n");
        file("proc/sys/net/ipv4/ip_unprivileged_port_start", "1024\n");
        file("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        file("proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
        program("nft", "echo '{\"nftables\": []}'");
        device("lo", "127.0.0.1", 8);
        device("eth0", "11.0.0.5", 24);
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void program(String name, String script) throws IOException {
        file("bin/" + name, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(root.resolve("bin/" + name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void device(String name, String address, int prefix) {
        devices.removeIf(device -> device.name().equals(name));
        devices.add(new Device(name, List.of(new Local(InetAddress.ofLiteral(address), prefix))));
    }

    private List<InetAddress> lookUp(String name) {
        return switch (name) {
            case "ftp.example.com" -> List.of(InetAddress.ofLiteral("11.0.0.5"));
            case "inner.example.com" -> List.of(InetAddress.ofLiteral("192.168.1.5"));
            case "six.example.com" -> List.of(InetAddress.ofLiteral("2606::1"));
            default -> List.of();
        };
    }

    private int run(String... arguments) {
        console = new CapturedConsole(home);
        Machine machine = new Machine(root, devices, this::lookUp, List.of(root.resolve("bin")), Map.of());
        CommandLine parent = new CommandLine(CommandSpec.create());
        parent.addSubcommand("check", new CheckCommand(console.console(), machine));
        parent.setCaseInsensitiveEnumValuesAllowed(true);
        List<String> all = new ArrayList<>(List.of("check"));
        all.addAll(List.of(arguments));
        return parent.execute(all.toArray(String[]::new));
    }

    /** What was found, each as {@code severity id}. */
    private List<String> found() {
        return problems()
                .map(each ->
                        each.path("severity").asString() + " " + each.path("id").asString())
                .toList();
    }

    private Stream<JsonNode> problems() {
        JsonMapper json = new JsonMapper();
        return console.outLines().stream().map(json::readTree).filter(line -> line.has("id"));
    }

    private JsonNode problem(String id) {
        return problems()
                .filter(each -> each.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id + " in " + console.out()));
    }

    /** Options with which nothing is wrong; those that follow win. */
    private int check(String... more) {
        List<String> all = new ArrayList<>(List.of("--json", "--passive-ports=30000-30099", "--tls=required"));
        all.removeIf(option -> Stream.of(more).anyMatch(each -> each.startsWith(option.replaceFirst("=.*", "="))));
        if (Stream.of(more).noneMatch(each -> each.startsWith("--bind="))) {
            all.add("--bind=0.0.0.0");
        }
        if (Stream.of(more).noneMatch(each -> each.startsWith("--port="))) {
            all.add("--port=" + freePort());
        }
        all.addAll(List.of(more));
        if (Stream.of(more).noneMatch(each -> each.startsWith("/"))) {
            all.add(served.toString());
        }
        return run(all.toArray(String[]::new));
    }

    private static int freePort() {
        // Below the range that the kernel gives away.
        for (int port = 20000; port < 30000; port++) {
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one.
            }
        }
        throw new AssertionError("no port is free");
    }

    @Test
    void nothingWrong_isSaid() throws IOException {
        assertThat(check()).isZero();
        assertThat(found()).containsExactly("note self-signed");
        assertThat(run("--passive-ports=30000-30099", served.toString())).isZero();
        assertThat(console.out()).contains("nothing stands in the way: 1 note\n");
        run("--help");
        assertThat(console.err()).isEmpty();
    }

    static Stream<List<String>> wrong() {
        return Stream.of(
                List.of("error ranges-overlap", "--passive-ports=30000-30060,30050-30099"),
                List.of("error range-contains-control-port", "--port=30010"),
                List.of("warning range-any", "--passive-ports="),
                List.of("warning port-unknown", "--port=0"),
                List.of("note loopback-only", "--bind=127.0.0.1"),
                List.of("note loopback-only", "--bind=::1", "--port=0"),
                List.of("error address-missing", "--bind=11.0.0.99"),
                List.of("error address-missing", "--passive-bind=11.0.0.99"),
                List.of("error external-unknown", "--external-address=nosuch.example.com"),
                List.of("error external-ipv6-only", "--external-address=six.example.com"),
                List.of("warning external-private", "--external-address=inner.example.com"),
                List.of("warning external-private", "--external-address=10.0.0.1"),
                List.of("warning external-private", "--external-address=100.64.0.1"),
                List.of("warning external-private", "--external-address=11.0.0.0/8=10.0.0.1"),
                List.of("warning external-example", "--external-address=203.0.113.7"),
                List.of("error external-unusable", "--external-address=127.0.0.1"),
                List.of("error directory-missing", "/nosuch"),
                List.of("error certificate-unusable", "--cert=nosuch.pem"),
                List.of("error client-ca-unreadable", "--client-ca=nosuch.pem"),
                List.of("warning peer-check-off", "--data-peer-check=off", "--max-sessions=50"),
                List.of("note no-tls", "--tls=off"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void eachFault_isFoundByItself(List<String> expectedAndOption) {
        String expected = expectedAndOption.getFirst();
        String[] options =
                expectedAndOption.subList(1, expectedAndOption.size()).toArray(String[]::new);
        int code = options[0].equals("--passive-ports=")
                ? run("--json", "--bind=0.0.0.0", "--port=" + freePort(), "--tls=required", served.toString())
                : check(options);
        assertThat(found()).contains(expected);
        assertThat(found().stream().filter(each -> !each.equals("note self-signed")))
                .as(console.out())
                .containsExactly(expected);
        assertThat(code).isEqualTo(expected.startsWith("error") ? ExitCode.PROBLEMS.value() : 0);
        JsonNode problem = problem(expected.replaceFirst(".* ", ""));
        assertThat(problem.path("wrong").asString()).isNotEmpty();
        assertThat(problem.path("evidence")).isNotEmpty();
        assertThat(problem.path("change")).isNotEmpty();
    }

    @Test
    void addressOfANetworkOfClients_mayBePrivate() {
        check("--external-address=192.168.0.0/16=192.168.1.5", "--external-address=ftp.example.com");
        assertThat(found()).containsExactly("note self-signed");
    }

    @Test
    void privateMachine_withoutExternalAddress_isWarned() {
        device("eth0", "192.168.1.5", 24);
        check();
        assertThat(found()).contains("warning ftps-without-external-address");
        check("--tls=off");
        assertThat(found()).contains("warning no-external-address");
        assertThat(problem("no-external-address").path("evidence").toString()).contains("192.168.1.5 is private");
    }

    @Test
    void privateMachine_withExternalAddress_isToldAboutItsOwnNetwork() {
        device("eth0", "192.168.1.5", 24);
        check("--external-address=ftp.example.com");
        assertThat(problem("hairpin").path("change").toString())
                .contains("--external-address 192.168.1.0/24=192.168.1.5");
        check("--external-address=ftp.example.com", "--external-address=192.168.0.0/16=192.168.1.5");
        assertThat(found()).containsExactly("note self-signed");
    }

    @Test
    void smallRange_isASum() {
        check("--tls=off", "--passive-ports=30000-30009,30020-30025", "--max-sessions-per-address=40");
        JsonNode small = problem("range-small");
        assertThat(small.path("evidence").toString())
                .contains("16 ports × 1 waiting data connection of each client address = 16", "40 sessions × 1 = 40");
        assertThat(small.path("change").toString())
                .contains("--passive-ports 30000-30039", "--max-sessions-per-address 16");
        check("--tls=off", "--passive-ports=30000-30015", "--max-sessions-per-address=16");
        assertThat(found()).doesNotContain("warning range-small");
    }

    @Test
    void withoutPeerCheck_theSumIsOfAllSessions() {
        check("--tls=off", "--data-peer-check=off", "--max-sessions=200");
        assertThat(problem("range-small").path("evidence").toString())
                .contains("100 ports × 1 waiting data connection of all clients together = 100", "200 sessions × 1");
    }

    @Test
    void behindALoadBalancer_noExternalAddressIsNeeded() {
        device("eth0", "192.168.1.5", 24);
        check("--proxy-protocol=192.168.1.0/24");
        assertThat(found()).containsExactly("note self-signed");
    }

    @Test
    void onePort_isEnoughWhereSessionsMustBeResumed() {
        check("--tls=required", "--passive-ports=30000");
        assertThat(found()).doesNotContain("warning range-small");
        check("--tls=required", "--data-session-reuse=preferred", "--passive-ports=30000");
        assertThat(found()).contains("warning range-small");
    }

    /** By a range of the kernel's that it does not have: in its own, other programs may have taken ports. */
    @Test
    void ephemeralPorts_areFoundByThemselves() throws IOException {
        file("proc/sys/net/ipv4/ip_local_port_range", "29000\t31000\n");
        assertThat(check()).isZero();
        assertThat(found().stream().filter(each -> !each.equals("note self-signed")))
                .as(console.out())
                .containsExactly("warning range-ephemeral");
    }

    @Test
    void reservedPorts_areNotEphemeral() throws IOException {
        file("proc/sys/net/ipv4/ip_local_reserved_ports", "8080,50000-50049\n");
        check("--passive-ports=50000-50099");
        assertThat(problem("range-ephemeral").path("change").toString())
                .contains(" sysctl -w net.ipv4.ip_local_reserved_ports=8080,50000-50049,50000-50099");
        file("proc/sys/net/ipv4/ip_local_reserved_ports", "50000-50099\n");
        check("--passive-ports=50000-50099");
        assertThat(found()).doesNotContain("warning range-ephemeral");
    }

    @Test
    void privilegedPorts_needTheCapability() throws IOException {
        file("proc/self/status", "CapEff:\t0000000000000000\n");
        assertThat(check("--port=21", "--active-source-port=20")).isEqualTo(ExitCode.PROBLEMS.value());
        assertThat(found()).contains("error port-privileged", "error active-port-privileged");
        assertThat(problem("port-privileged").path("change").toString())
                .contains("AmbientCapabilities=CAP_NET_BIND_SERVICE", "ip_unprivileged_port_start=21");
        check("--port=21", "--active-source-port=20", "--no-active");
        assertThat(found()).doesNotContain("error active-port-privileged");
        file("proc/sys/net/ipv4/ip_unprivileged_port_start", "20\n");
        check("--port=21", "--active-source-port=20");
        assertThat(found()).doesNotContain("error port-privileged", "error active-port-privileged");
    }

    @Test
    void takenPort_isNamedWithItsProgram() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            file("proc/net/tcp", """
                      sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                       0: 00000000:%04X 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
                    """.formatted(port));
            Files.createDirectories(root.resolve("proc/812/fd"));
            Files.createSymbolicLink(root.resolve("proc/812/fd/3"), Path.of("socket:[4711]"));
            file("proc/812/comm", "vsftpd\n");
            file("proc/812/cmdline", "/usr/sbin/vsftpd\0/etc/vsftpd.conf\0");
            assertThat(check("--port=" + port)).isEqualTo(ExitCode.PROBLEMS.value());
            assertThat(problem("port-taken").path("evidence").toString())
                    .contains("port " + port + " is held by vsftpd (process 812)");
            file("proc/812/cmdline", "java\0dev.portside.cli/dev.portside.cli.Portside\0serve\0");
            assertThat(check("--port=" + port)).isZero();
            assertThat(found()).contains("note port-taken");
        }
    }

    @Test
    void takenPassivePorts_areCounted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            file("proc/sys/net/ipv4/ip_local_port_range", "1024\t1025\n");
            check("--passive-ports=" + port);
            assertThat(found()).contains("error range-taken");
            check("--passive-ports=" + (port - 1) + "-" + port);
            assertThat(problem("range-taken").path("evidence").toString()).contains(String.valueOf(port));
        }
    }

    @Test
    void firewall_isReadThroughNft() throws IOException {
        Path rules = Path.of(
                System.getProperty("portside.root"), "cli/src/test/resources/dev/portside/cli/check/server.json");
        program("nft", "[ \"$*\" = '-j list ruleset' ] && cat " + rules);
        assertThat(check("--passive-ports=30000-30059", "--port=2121", "--max-sessions-per-address=10"))
                .isEqualTo(ExitCode.PROBLEMS.value());
        assertThat(problem("firewall-passive").path("wrong").asString())
                .isEqualTo("the firewall of this machine blocks passive data connections to ports 30050-30059 by IPv4");
        assertThat(problem("firewall-control-partly").path("evidence").toString())
                .contains("ip saddr 10.0.0.0/8");
    }

    @Test
    void firewallThatCannotBeRead_isSaid() throws IOException {
        program("nft", "echo 'Operation not permitted (you must be root)' >&2; exit 1");
        check();
        assertThat(problem("firewall-unknown").path("evidence").toString())
                .contains("nft -j list ruleset: Operation not permitted");
        Files.delete(root.resolve("bin/nft"));
        check();
        assertThat(problem("firewall-unknown").path("evidence").toString()).contains("there is no nft on this machine");
    }

    @Test
    void rulesOfIptables_areReadWhereNftIsMissing() throws IOException {
        Files.delete(root.resolve("bin/nft"));
        Path saved =
                Path.of(System.getProperty("portside.root"), "cli/src/test/resources/dev/portside/cli/check/ufw.save");
        program("iptables-save", "cat " + saved);
        check("--passive-ports=30000-30059", "--max-sessions-per-address=10");
        assertThat(problem("firewall-passive").path("wrong").asString()).contains("ports 30050-30059 by IPv4");
    }

    @Test
    void certificate_isLookedAt() throws Exception {
        Path expired = certificate("expired", "CN=old", "-startdate", "-40d", "-validity", "30");
        check("--cert=" + expired, "--key-password-file=" + password());
        assertThat(found()).contains("error certificate-expired");
        Path named = certificate("named", "CN=x", "-ext", "san=dns:*.example.com", "-validity", "300");
        check("--cert=" + named, "--key-password-file=" + password(), "--external-address=ftp.example.com");
        assertThat(found()).isEmpty();
        assertThat(console.outLines()).hasSize(1);
        Path other = certificate("other", "CN=x", "-ext", "san=dns:ftp.example.org", "-validity", "10");
        check("--cert=" + other, "--key-password-file=" + password(), "--external-address=ftp.example.com");
        assertThat(found()).containsExactlyInAnyOrder("warning certificate-name", "warning certificate-ends");
        assertThat(problem("certificate-name").path("evidence").toString()).contains("is for ftp.example.org");
    }

    private Path password() throws IOException {
        return Files.writeString(home.resolve("password"), "secret\n");
    }

    private Path certificate(String name, String subject, String... more) throws Exception {
        Path file = home.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "x",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-dname",
                subject,
                "-keystore",
                file.toString()));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return file;
    }

    @Test
    void config_isTakenByItsName_andItsPasswordIsGuarded() throws IOException {
        Path config = home.resolve("server.toml");
        Files.writeString(config, """
                dir = "files"
                bind = "0.0.0.0"
                port = %d
                passive-ports = "30000-30099"
                tls = "required"
                password = "secret"
                external-address = { default = "ftp.example.com", "192.168.0.0/16" = "192.168.1.5" }
                """.formatted(freePort()));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run(config.toString(), "--json")).isZero();
        assertThat(found()).containsExactly("warning password-readable", "note self-signed");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(run("--json", "--config=" + config, home.resolve("nosuch").toString()))
                .isEqualTo(ExitCode.PROBLEMS.value());
        assertThat(found()).containsExactly("error directory-missing", "note self-signed");
    }

    @ParameterizedTest
    @CsvSource({
        "nftables,  nft 'insert rule inet filter input tcp dport { 21; 30000-30099 } ct state new accept comment \"portside\"'",
        "iptables,  ip6tables -I INPUT -p tcp --dport 30000:30099 -m conntrack --ctstate NEW -j ACCEPT",
        "iptables,  iptables -I OUTPUT -p tcp --sport 20 --dport 1024:65535 -m conntrack --ctstate NEW -j ACCEPT",
        "iptables,  iptables -t nat -I PREROUTING -m addrtype --dst-type LOCAL -p tcp --dport 40000:40099 -j DNAT --to-destination 192.168.1.5:30000-30099/40000",
        "firewalld, firewall-cmd --permanent --add-port=30000-30099/tcp",
        "ufw,       ufw allow 30000:30099/tcp comment 'portside'",
        "ufw,       ufw allow out proto tcp from any port 20 comment 'portside active'",
        "windows,   New-NetFirewallRule -DisplayName 'Portside' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 21;30000-30099",
        "ufw,       #     TCP 40000-40099 to 192.168.1.5 TCP 30000-30099",
        "aws,       aws ec2 authorize-security-group-ingress --group-id \"$GROUP\" --ip-permissions 'IpProtocol=tcp;FromPort=30000;ToPort=30099;IpRanges=[{CidrIp=0.0.0.0/0}];Ipv6Ranges=[{CidrIpv6=::/0}]'",
    })
    void rules_areForThisConfiguration(String format, String line) {
        device("eth0", "192.168.1.5", 24);
        List<String> options = List.of(
                "--bind=0.0.0.0",
                "--port=21",
                "--passive-ports=30000-30099",
                "--advertised-port-offset=10000",
                "--active-source-port=20",
                "--external-address=ftp.example.com",
                "--rules=" + format,
                served.toString());
        run(options.toArray(String[]::new));
        assertThat(console.outLines()).contains(line.replace(';', ','));
    }

    @Test
    void withoutTheOption_theRulesAreThoseOfThisMachine() throws IOException {
        run("--bind=0.0.0.0", "--passive-ports=30000-30099", served.toString());
        assertThat(console.out()).contains("\nnft 'insert rule").contains("For other firewalls: --rules nftables|");
        file("etc/ufw/ufw.conf", "ENABLED=yes\n");
        run("--bind=0.0.0.0", "--passive-ports=30000-30099", served.toString());
        assertThat(console.out()).contains("\nufw allow 30000:30099/tcp").doesNotContain("\nnft ");
        Files.createDirectories(root.resolve("run/firewalld"));
        run("--bind=0.0.0.0", "--passive-ports=30000-30099", "--json", served.toString());
        assertThat(console.outLines().getLast()).startsWith("{\"rules\":\"firewalld\",\"lines\":[");
    }

    @Test
    void wrongUse_is2() {
        CapturedConsole plain = new CapturedConsole(home);
        for (List<String> arguments : List.of(
                List.of("check", "--rules=pf", served.toString()),
                List.of("check", served.toString(), home.toString()),
                List.of("check", "--config", "nosuch.toml", "--port=x"))) {
            assertThat(plain.run(arguments.toArray(String[]::new)))
                    .as(arguments.toString())
                    .isEqualTo(ExitCode.USAGE.value());
            assertThat(plain.err()).doesNotContain("Exception");
        }
    }
}
