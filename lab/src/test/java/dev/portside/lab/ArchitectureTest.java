package dev.portside.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What javac cannot hold: the direction of dependencies inside a module, and the habits of the house. */
class ArchitectureTest {
    private static final Path ROOT = Path.of(System.getProperty("portside.root"));
    private static final List<String> MODULES = List.of("protocol", "testkit", "client", "server", "cli");
    private static final int LONGEST_METHOD = 60;
    private static final int LONGEST_FILE = 500;
    /** Longer with a reason: the one sealed list of every verb. */
    private static final Set<String> LONG_FILES = Set.of("Command.java");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.portside");

    @Test
    void protocol_touchesNoSocketChannelThreadOrClock() {
        noClasses()
                .that()
                .resideInAPackage("dev.portside.protocol")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.io..", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\..*Socket.*|java\\.lang\\.Thread|java\\.time\\.Clock")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void transport_knowsNoUsersAndNoFileSystem() {
        noClasses()
                .that()
                .resideInAPackage("dev.portside.transport")
                // Certificates are files; nothing else here is.
                .and()
                .haveNameNotMatching("dev\\.portside\\.transport\\.(TlsIdentity|IdentityFiles)")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.portside.client..", "dev.portside.server..", "java.nio.file..")
                .check(CLASSES);
    }

    @Test
    void clientAndServer_neverSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.portside.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.portside.server..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.portside.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.portside.client..")
                .check(CLASSES);
    }

    @Test
    void systemCalls_goThroughOneDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.portside.server.posix")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    @Test
    void storage_isTheOnlyPlaceOfTheServerThatResolvesPaths() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.portside.server.control", "dev.portside.server.command")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Path")
                .check(CLASSES);
    }

    @Test
    void nobodyButTheCommandLine_printsToTheConsole() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.portside.cli")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void nobody_usesInternalClassesOfTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk.internal..", "com.sun.crypto..", "com.sun.jndi..", "com.sun.net..")
                .check(CLASSES);
    }

    @Test
    void typeNames_avoidWordsThatSayNothing() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Context")
                .orShould()
                .haveSimpleNameEndingWith("Factory")
                .orShould()
                .haveSimpleNameStartingWith("Default")
                .check(CLASSES);
    }

    @Test
    void files_haveAtMost500Lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources()) {
            long lines = Files.readAllLines(source).size();
            if (lines > LONGEST_FILE
                    && !LONG_FILES.contains(source.getFileName().toString())) {
                tooLong.add(ROOT.relativize(source) + ": " + lines);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void methods_haveAtMost60Lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task = (JavacTask)
                    javac.getTask(null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLengths(unit, positions, tooLong).scan(unit, null);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> tree = Files.walk(ROOT.resolve(module).resolve("src"))) {
                tree.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        try (Stream<Path> tree = Files.walk(ROOT.resolve("lab/src"))) {
            tree.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
        }
        assertThat(sources).as("the sources were found").hasSizeGreaterThan(20);
        return sources;
    }

    private static final class MethodLengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> tooLong;

        MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> tooLong) {
            this.unit = unit;
            this.positions = positions;
            this.tooLong = tooLong;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            LineMap lines = unit.getLineMap();
            if (method.getBody() != null) {
                long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                if (last - first + 1 > LONGEST_METHOD) {
                    String file = unit.getSourceFile().getName();
                    tooLong.add(file + ": " + method.getName() + " has " + (last - first + 1) + " lines");
                }
            }
            return super.visitMethod(method, null);
        }
    }
}
