import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings the classes of a jar to a format that has stack maps (Java 17). picocli is compiled for Java 5, whose classes have
 * none: the JVM does not keep such classes in the ahead-of-time cache, and reads and verifies them at each start.
 */
final class StackMaps {
    private static final int JAVA_17 = 61;

    private StackMaps() {}

    /**
     * Rewrites a jar in its place.
     *
     * @param args the jar; all that its classes extend and implement must be in it or in Java
     */
    public static void main(String[] args) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(args[0]))) {
            Path root = jar.getPath("/");
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(name -> content(root, name))
                                    .orElse(ClassHierarchyResolver.defaultResolver())));
            // Bodies of methods are written anew, or nothing would make their maps.
            ClassTransform rewritten = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                    .andThen(ClassTransform.endHandler(made -> made.withVersion(JAVA_17, 0)));
            for (Path each : classes(root)) {
                Files.write(each, format.transformClass(format.parse(Files.readAllBytes(each)), rewritten));
            }
        }
    }

    private static List<Path> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class") && !file.startsWith(root.resolve("META-INF")))
                    .toList();
        }
    }

    private static InputStream content(Path root, ClassDesc name) {
        String descriptor = name.descriptorString();
        Path file = root.resolve(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
