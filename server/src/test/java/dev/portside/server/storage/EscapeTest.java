package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.storage.FileFacts.Access;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing outside the root can be named, listed, looked at or reached. */
class EscapeTest extends StoreTest {
    @BeforeEach
    void links() throws IOException {
        Files.createDirectories(root.resolve("dir/sub"));
        Files.writeString(root.resolve("dir/file.txt"), "inside");
        link("relative", "dir/file.txt");
        link("through", "dir/sub/../file.txt");
        link("absolute", root.resolve("dir/file.txt").toString());
        link("to-dir", "dir");
        link("to-dir-absolute", root.resolve("dir").toString());
        link("to-root", root.toString());
        link("dir/sub/up", "../..");
        link("chain", "to-dir-absolute/sub/up/relative");
        link("dangling", "dir/nothing");
        link("loop", "loop2");
        link("loop2", "loop");
        link("out", base.resolve("outside").toString());
        link("out-relative", "../outside");
        link("out-and-back", "../root/dir");
        link("out-file", base.resolve("outside/secret.txt").toString());
        link("out-dangling", base.resolve("outside/nothing").toString());
        link("out-almost", base.resolve("root-not").toString());
        link("out-dots", root.resolve("../outside").toString());
        link("out-chain", "to-dir/../../outside");
        link("proc", "/proc/self/root");
    }

    @AfterEach
    void nothingOutsideTheTemporaryDirectory() throws IOException {
        Files.delete(root.resolve("proc"));
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), root.getFileSystem().getPath(target));
    }

    private static final List<String> OUTWARD = List.of(
            "out",
            "out-relative",
            "out-and-back",
            "out-file",
            "out-dangling",
            "out-almost",
            "out-dots",
            "out-chain",
            "proc");

    @Test
    void links_areFollowedInside() throws IOException {
        for (String link : List.of("relative", "through", "absolute", "chain", "to-dir/file.txt", "to-root/relative")) {
            assertThat(read(link)).as(link).isEqualTo("inside");
            assertThat(store.attributes(path(link)).size()).as(link).isEqualTo(6);
        }
        assertThat(read("to-dir-absolute/sub/up/dir/file.txt")).isEqualTo("inside");
        assertThat(list("to-dir-absolute")).containsOnlyKeys("file.txt", "sub");
        assertThat(list("to-root/to-dir")).containsOnlyKeys("file.txt", "sub");
    }

    @Test
    void links_outOfTheRoot_areRefusedWhateverIsThere() throws IOException {
        for (String link : OUTWARD) {
            for (String pathname : List.of(link, link + "/secret.txt", link + "/nothing", link + "/x/y")) {
                VirtualPath path = path(pathname);
                assertThat(refused(() -> store.read(path))).as(pathname).isEqualTo(Reason.NOT_PERMITTED);
                assertThat(refused(() -> store.list(path, 1))).as(pathname).isEqualTo(Reason.NOT_PERMITTED);
                assertThat(refused(() -> store.availableSpace(path))).isEqualTo(Reason.NOT_PERMITTED);
                assertThat(refused(() -> store.append(path))).isEqualTo(Reason.NOT_PERMITTED);
                assertThat(refused(() -> store.resume(path, 1))).isEqualTo(Reason.NOT_PERMITTED);
                assertThat(refused(() -> store.receive(path))).isEqualTo(Reason.NOT_PERMITTED);
                assertThat(refused(() -> store.setPermissions(path, 0777))).isEqualTo(Reason.NOT_PERMITTED);
                if (!pathname.equals(link)) {
                    assertThat(refused(() -> store.attributes(path))).isEqualTo(Reason.NOT_PERMITTED);
                    assertThat(refused(() -> store.receiveUnique(path))).isEqualTo(Reason.NOT_PERMITTED);
                    assertThat(refused(() -> store.makeDirectory(path))).isEqualTo(Reason.NOT_PERMITTED);
                    assertThat(refused(() -> store.deleteFile(path))).isEqualTo(Reason.NOT_PERMITTED);
                    assertThat(refused(() -> store.removeDirectory(path))).isEqualTo(Reason.NOT_PERMITTED);
                    assertThat(refused(() -> store.rename(path, path("/new")))).isEqualTo(Reason.NOT_PERMITTED);
                    assertThat(refused(() -> store.rename(path("/dir"), path))).isEqualTo(Reason.NOT_PERMITTED);
                }
            }
        }
        assertThat(base.resolve("outside")).isDirectoryNotContaining(file -> !file.endsWith("secret.txt"));
        assertThat(base.resolve("outside/secret.txt")).hasContent("secret");
    }

    @Test
    void links_outOfTheRoot_areListedAsLinksThatTellNothing() throws IOException {
        for (String link : OUTWARD) {
            FileFacts facts = list("/").get(link);
            assertThat(facts.type()).as(link).isEqualTo(FileFacts.Type.SYMBOLIC_LINK);
            assertThat(facts.linkTarget()).isNull();
            assertThat(facts.permitted()).containsExactly(Access.REMOVE);
            assertThat(store.attributes(path(link))).isEqualTo(facts);
        }
    }

    @Test
    void links_inside_areListedAsWhatTheyLeadTo() throws IOException {
        FileFacts file = list("/dir").get("file.txt");
        FileFacts link = list("/").get("absolute");
        assertThat(link.isFile()).isTrue();
        assertThat(link.link()).isTrue();
        assertThat(link.linkTarget()).isEqualTo("/dir/file.txt");
        assertThat(link.unique()).isEqualTo(file.unique());
        assertThat(list("/").get("through").linkTarget()).isEqualTo("dir/sub/../file.txt");
        assertThat(list("/").get("to-root").linkTarget()).isEqualTo("/");
        assertThat(list("/").get("to-dir").isDirectory()).isTrue();
        assertThat(list("/dir/sub").get("up").linkTarget()).isEqualTo("../..");
        assertThat(file.link()).isFalse();
        assertThat(file.linkTarget()).isNull();
    }

    @Test
    void links_thatLeadNowhere_areListedAndNotFollowed() throws IOException {
        for (String link : List.of("dangling", "loop", "loop2")) {
            assertThat(list("/").get(link).type()).isEqualTo(FileFacts.Type.SYMBOLIC_LINK);
        }
        assertThat(refused(() -> store.read(path("dangling")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.read(path("loop")))).isEqualTo(Reason.LINK_LOOP);
        assertThat(refused(() -> store.list(path("loop/x"), 1))).isEqualTo(Reason.LINK_LOOP);
        assertThat(refused(() -> store.receive(path("loop")))).isEqualTo(Reason.LINK_LOOP);
    }

    @Test
    void changes_ofALink_changeTheLinkItself() throws IOException {
        store.deleteFile(path("relative"));
        store.deleteFile(path("to-dir"));
        store.deleteFile(path("out-file"));
        store.rename(path("out"), path("still-out"));
        assertThat(refused(() -> store.removeDirectory(path("to-root")))).isEqualTo(Reason.NOT_A_DIRECTORY);
        assertThat(refused(() -> store.read(path("still-out/secret.txt")))).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(read("dir/file.txt")).isEqualTo("inside");
        assertThat(base.resolve("outside/secret.txt")).exists();
    }

    @Test
    void uploads_throughALinkInside_reachWhatItLeadsTo() throws IOException {
        complete(store.receive(path("relative")), "new");
        complete(store.append(path("absolute")), " and more");
        complete(store.receive(path("dangling")), "created");
        assertThat(root.resolve("dir/file.txt")).hasContent("new and more");
        assertThat(root.resolve("dir/nothing")).hasContent("created");
        assertThat(Files.isSymbolicLink(root.resolve("relative"))).isTrue();
        assertThat(Files.isSymbolicLink(root.resolve("dangling"))).isTrue();
    }

    @Test
    void absoluteLinks_thatUseTheRootsOtherName_areInside() throws IOException {
        Path alias = Files.createSymbolicLink(base.resolve("alias"), root);
        link("by-alias", alias.resolve("dir/file.txt").toString());
        assertThat(refused(() -> read("by-alias"))).isEqualTo(Reason.NOT_PERMITTED);
        try (VirtualFileStore aliased = disk.open(alias, true, Uploads.ATOMIC)) {
            assertThat(aliased.attributes(path("by-alias")).size()).isEqualTo(6);
            assertThat(aliased.attributes(path("absolute")).size()).isEqualTo(6);
        }
    }

    @Test
    void dotDot_staysAtTheRoot() throws IOException {
        assertThat(list("/../../..")).containsKeys("dir", "relative");
        assertThat(refused(() -> store.read(path("/../outside/secret.txt")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.read(path("../../../../etc/passwd")))).isEqualTo(Reason.NOT_FOUND);
        String absolute = base.resolve("outside/secret.txt").toString();
        assertThatThrownBy(() -> store.read(path(absolute))).isInstanceOf(StorageException.class);
        assertThat(refused(() -> store.read(path("..\\outside\\secret.txt")))).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void root_isNotForTheClientToChange() throws IOException {
        assertThat(refused(() -> store.removeDirectory(VirtualPath.ROOT))).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(refused(() -> store.deleteFile(VirtualPath.ROOT))).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(refused(() -> store.rename(VirtualPath.ROOT, path("x")))).isEqualTo(Reason.NAME_NOT_ALLOWED);
        assertThat(refused(() -> store.rename(path("dir"), VirtualPath.ROOT))).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(refused(() -> store.receive(VirtualPath.ROOT))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.append(path("to-root")))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.makeDirectory(VirtualPath.ROOT))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(store.attributes(VirtualPath.ROOT).permits(Access.REMOVE)).isFalse();
        assertThat(Files.exists(root, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
}
