package dev.portside.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A console whose streams are kept, and a command line run on it. */
final class CapturedConsole {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream target = out;
    private Charset charset = StandardCharsets.UTF_8;
    private boolean terminal;
    private String typed;
    private String answer;
    private String question = "";

    /** @param home where ~/.netrc is looked for */
    CapturedConsole(Path home) {
        environment.put("HOME", home.toString());
        environment.put("TERM", "xterm");
    }

    CapturedConsole with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CapturedConsole terminal() {
        terminal = true;
        return this;
    }

    CapturedConsole charset(Charset other) {
        charset = other;
        return this;
    }

    CapturedConsole typing(String password) {
        typed = password;
        return this;
    }

    /** What the person answers to questions that are no passwords. */
    CapturedConsole answering(String line) {
        answer = line;
        return this;
    }

    CapturedConsole input(byte[] bytes) {
        in = new ByteArrayInputStream(bytes);
        return this;
    }

    CapturedConsole output(OutputStream other) {
        target = other;
        return this;
    }

    Console console() {
        return new Console(
                in,
                new Console.Stream(target, terminal),
                new Console.Stream(err, terminal),
                charset,
                environment,
                new Console.Person() {
                    @Override
                    public char[] password(String asked) {
                        question = asked;
                        return typed == null ? null : typed.toCharArray();
                    }

                    @Override
                    public String answer(String asked) {
                        question = asked;
                        return answer;
                    }
                });
    }

    /** Runs a command line from scratch. */
    int run(String... arguments) {
        out.reset();
        err.reset();
        return Portside.run(console(), arguments);
    }

    String out() {
        return out.toString(charset);
    }

    List<String> outLines() {
        return out().lines().toList();
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(charset);
    }

    String question() {
        return question;
    }
}
