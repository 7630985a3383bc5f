package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import dev.portside.client.DataMode;
import dev.portside.client.TlsMode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        customSynopsis = "portside demo",
        description = "Start a server, move files in both modes and under TLS, and draw what happened.")
final class DemoCommand extends HelpOption implements Callable<Integer> {
    private static final List<DataMode> MODES = List.of(DataMode.EPSV, DataMode.PASV, DataMode.EPRT, DataMode.PORT);

    private final Console console;
    private final Style style;

    DemoCommand(Console console) {
        this.console = console;
        this.style = console.style();
    }

    @Override
    public Integer call() throws IOException {
        boolean allWell = true;
        try (DemoStage stage = new DemoStage()) {
            opening(stage);
            for (DataMode mode : MODES) {
                allWell &= show(stage, mode, TlsMode.OFF);
            }
            allWell &= show(stage, DataMode.EPSV, TlsMode.EXPLICIT);
        }
        closing();
        return (allWell ? ExitCode.OK : ExitCode.SOME_FAILED).value();
    }

    private void opening(DemoStage stage) {
        console.line(style.paint(Ink.STRONG, "FTP uses two connections.")
                + " The client opens the control connection, for commands");
        console.line("and replies. Every file and every listing gets a data connection of its own, and");
        console.line("the two modes differ in one thing: " + style.paint(Ink.STRONG, "which side opens that one."));
        console.line("");
        console.line(" server  ftp://" + stage.address() + "/ in this process, on a temporary directory");
        console.line(" files   " + stage.description());
    }

    private boolean show(DemoStage stage, DataMode mode, TlsMode tls) {
        console.line("");
        if (tls == TlsMode.OFF) {
            heading(mode);
        } else {
            heading("Under TLS, " + mode, "data resumes the session of the control connection");
        }
        console.line("");
        try {
            DemoStage.Moved moved = stage.move(mode, tls);
            Picture picture = new Picture(style);
            moved.scene().picture().accept(picture);
            picture.lines().forEach(console::line);
            console.line("");
            console.line(" " + style.paint(Ink.DATA, style.draw(Glyph.TICK)) + " " + moved.files() + " files up and "
                    + moved.files() + " files down, " + Amount.ofBytes(moved.bytes()) + " in "
                    + Amount.ofTime(moved.duration()) + ", every SHA-256 is right");
            return true;
        } catch (IOException | PortsideException failed) {
            console.line(" " + style.paint(Ink.FAILURE, style.draw(Glyph.BROKEN)) + " "
                    + Console.visibleLines(Failure.of(failed).message()));
            return false;
        }
    }

    private void heading(DataMode mode) {
        String title = (mode.isActive() ? "Active mode, " : "Passive mode, ") + mode;
        String told = switch (mode) {
            case EPSV -> "the server listens and tells its port (RFC 2428)";
            case PASV -> "the same, with the address in the reply (RFC 959)";
            case EPRT -> "the client listens and tells its port (RFC 2428)";
            default -> "the same in the form of 1985 (RFC 959)";
        };
        heading(title, told);
    }

    private void heading(String title, String told) {
        String line = style.draw(Glyph.THIN);
        String head = line.repeat(2) + " " + title + ": " + told + " ";
        int rest = Math.max(0, Picture.WIDTH - Columns.width(head));
        console.line(line.repeat(2) + " " + style.paint(Ink.STRONG, title) + ": " + told + " " + line.repeat(rest));
    }

    private void closing() {
        String toRight = " " + style.draw(Glyph.ARROW) + " ";
        String header = "In short   control            data               what a firewall must let in";
        console.line("");
        console.line(style.paint(Ink.STRONG, header));
        for (boolean active : new boolean[] {false, true}) {
            String control = "client" + toRight + "server";
            String data = active ? "server" + toRight + "client" : control;
            console.line(Columns.left(active ? " active" : " passive", 11)
                    + Columns.left(control, 19)
                    + Columns.left(data, 19)
                    + (active ? "a port of the client" : "a port range of the server"));
        }
        console.line("");
        console.line("Go on:  portside serve DIR         a server for curl, lftp and any other client");
        console.line("        portside ls -v URL         these pictures of any server");
    }
}
