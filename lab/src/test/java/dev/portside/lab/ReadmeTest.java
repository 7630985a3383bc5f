package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the documentation shows is true. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("portside.root"));
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void examplesInJava_compile() throws IOException {
        Matcher example = JAVA.matcher(Files.readString(ROOT.resolve("README.md")));
        int examples = 0;
        while (example.find()) {
            examples++;
            assertThat(errorsOf(example.group(1))).isEmpty();
        }
        assertThat(examples).isEqualTo(2);
    }

    private static List<String> errorsOf(String example) throws IOException {
        String program = """
                import dev.portside.client.*;
                import dev.portside.protocol.*;
                import dev.portside.server.*;
                import dev.portside.server.Authenticator;
                import dev.portside.server.Authenticator.User;
                import java.net.*;
                import java.nio.channels.*;
                import java.nio.file.*;
                import static java.nio.file.StandardOpenOption.*;
                class Example {
                    void example(String password) throws Exception {
                %s
                    }
                }
                """.formatted(example);
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return program;
                    }
                };
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none");
        // Analysed only: no class file is written.
        JavacTask task = (JavacTask) javac.getTask(null, null, found, options, null, List.of(source));
        task.analyze();
        return found.getDiagnostics().stream()
                .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    @Test
    void linksBetweenPages_leadSomewhere() throws IOException {
        List<Path> pages = new ArrayList<>(
                List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md"), ROOT.resolve("CHANGELOG.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(page) + " → " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }
}
