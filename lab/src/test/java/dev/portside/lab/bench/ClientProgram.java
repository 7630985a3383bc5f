package dev.portside.lab.bench;

import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command lines of clients. None checks certificates: whether they are trusted takes nobody's time. */
enum ClientProgram {
    PORTSIDE(Contender.PORTSIDE.title()) {
        @Override
        List<String> command(Task task) {
            List<String> line =
                    new ArrayList<>(List.of(Programs.checkout("portside").toString()));
            switch (task.work()) {
                case VERSION -> line.add("--version");
                case GET_BYTE -> line.addAll(get(task, Ground.BYTE));
                case GET -> line.addAll(get(task, Ground.BIG));
                case PUT ->
                    line.addAll(List.of(
                            "put",
                            "--quiet",
                            task.source().resolve(Ground.BIG).toString(),
                            url(task) + Ground.INCOMING + "/"));
                case GET_TREE -> {
                    line.addAll(get(task, Ground.MANY));
                    line.add("--recursive");
                }
            }
            if (task.tls()) {
                line.add("--insecure");
            }
            return line;
        }

        private List<String> get(Task task, String what) {
            return List.of("get", "--quiet", url(task) + what, task.target() + "/");
        }

        private String url(Task task) {
            return task.url(task.tls() ? "ftpes" : "ftp", task.user() + "@");
        }
    },
    CURL("curl") {
        @Override
        List<String> command(Task task) {
            List<String> line = new ArrayList<>(List.of(Programs.client("curl").toString()));
            if (task.work() == ClientRow.Work.VERSION) {
                line.add("--version");
                return line;
            }
            line.addAll(List.of("--silent", "--show-error", "--user", task.user() + ":" + task.password()));
            if (task.tls()) {
                line.addAll(List.of("--ssl-reqd", "--insecure"));
            }
            String url = task.url("ftp", "");
            if (task.work() == ClientRow.Work.PUT) {
                line.addAll(List.of("-T", task.source().resolve(Ground.BIG).toString(), url + Ground.INCOMING + "/"));
            } else {
                String file = task.work() == ClientRow.Work.GET ? Ground.BIG : Ground.BYTE;
                line.addAll(List.of("-o", task.target().resolve(file).toString(), url + file));
            }
            return line;
        }
    },
    LFTP("lftp") {
        @Override
        List<String> command(Task task) {
            String settings = task.tls()
                    ? "set ftp:ssl-force true; set ftp:ssl-protect-data true; set ssl:verify-certificate no; "
                    : "set ftp:ssl-allow no; ";
            String open = "open -u " + task.user() + "," + task.password() + " " + task.url("ftp", "") + "; ";
            String what = switch (task.work()) {
                case PUT -> "put -O " + Ground.INCOMING + " " + task.source().resolve(Ground.BIG);
                case GET_TREE -> "mirror " + Ground.MANY + " " + task.target().resolve(Ground.MANY);
                default -> "get " + Ground.BIG + " -o " + task.target().resolve(Ground.BIG);
            };
            return List.of(Programs.client("lftp").toString(), "-c", settings + open + what);
        }
    },
    WGET("wget") {
        @Override
        List<String> command(Task task) {
            return List.of(
                    Programs.client("wget").toString(),
                    "--quiet",
                    "--recursive",
                    "--no-host-directories",
                    "--directory-prefix=" + task.target(),
                    "--user=" + task.user(),
                    "--password=" + task.password(),
                    task.url("ftp", "") + Ground.MANY + "/");
        }
    };

    private static final int LIMIT_MINUTES = 2;

    private final String title;

    ClientProgram(String title) {
        this.title = title;
    }

    /**
     * What one of them is to do.
     *
     * @param source the folder that has what is uploaded
     * @param target the folder for what is downloaded
     */
    record Task(
            ClientRow.Work work,
            InetSocketAddress server,
            String user,
            String password,
            boolean tls,
            Path source,
            Path target) {
        String url(String scheme, String user) {
            return scheme + "://" + user + server.getAddress().getHostAddress() + ":" + server.getPort() + "/";
        }
    }

    String title() {
        return title;
    }

    abstract List<String> command(Task task);

    /**
     * Runs it to its end.
     *
     * @return nanoseconds that it took
     * @throws IOException if it fails, with what it says
     */
    long run(Task task) throws IOException, InterruptedException {
        Path output = task.target().resolve("output.log");
        ProcessBuilder process = Programs.process(command(task), task.target())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        process.environment().put("PORTSIDE_PASSWORD", task.password());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long began = System.nanoTime();
        Process started = process.start();
        started.getOutputStream().close();
        if (!started.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            started.destroyForcibly().waitFor();
            throw new IOException(title + " takes more than " + LIMIT_MINUTES + " minutes");
        }
        long took = System.nanoTime() - began;
        if (started.exitValue() != 0) {
            String said = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
            throw new IOException(title + ": exit code " + started.exitValue() + ": " + said);
        }
        return took;
    }
}
