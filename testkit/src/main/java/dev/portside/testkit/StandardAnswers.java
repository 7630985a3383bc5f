package dev.portside.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.NameCharset;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What a {@link ScriptedServer} answers when the script says nothing: what a client needs, and the {@link Fault}s in it. */
final class StandardAnswers {
    private static final String MODIFIED = "20240229123456";
    private static final InetAddress NOBODY = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress ZERO = InetAddress.ofLiteral("0.0.0.0");

    private final ScriptedSession session;
    private final ScriptedServer.Script script;
    private String directory = "/";
    private String renamed = "";
    private long restart;
    private int unique;

    StandardAnswers(ScriptedSession session, ScriptedServer.Script script) {
        this.session = session;
        this.script = script;
    }

    void answer(String verb, String argument) throws IOException, InterruptedException {
        switch (verb) {
            case "USER" -> session.send("331 password, please");
            case "PASS" -> session.send("230 logged in");
            case "SYST" -> session.send("215 UNIX Type: L8");
            case "FEAT" -> features();
            case "TYPE", "MODE", "STRU", "NOOP", "OPTS", "ALLO", "CLNT", "SITE", "ACCT", "MFMT" ->
                session.send("200 " + verb + " okay");
            case "HELP" -> session.send("214 do as you like");
            case "STAT" -> session.send("211-status", " all is well", "211 end");
            case "PWD" -> session.send("257 \"" + directory.replace("\"", "\"\"") + "\"");
            case "CWD" -> changeDirectory(absolute(argument));
            case "CDUP" -> changeDirectory(directory.substring(0, Math.max(1, directory.lastIndexOf('/'))));
            case "MKD" -> session.send("257 \"" + absolute(argument).replace("\"", "\"\"") + "\" created");
            case "RMD" -> session.send("250 removed");
            case "QUIT" -> session.send("221 goodbye");
            case "AUTH" -> auth(argument);
            case "PBSZ" -> session.send(script.tls == null ? "503 no TLS" : "200 PBSZ=0");
            case "PROT" -> {
                session.tls().protectsData(argument.equals("P"));
                session.send(script.tls == null ? "503 no TLS" : "200 PROT okay");
            }
            case "PASV", "EPSV", "PORT", "EPRT" -> dataPort(verb, argument);
            case "REST" -> restart(argument);
            case "RETR", "STOR", "APPE", "STOU", "LIST", "NLST", "MLSD" -> transfer(verb, argument);
            case "SIZE", "MDTM", "MLST", "DELE", "RNFR", "RNTO" -> file(verb, argument);
            case "ABOR" -> {
                session.data().close();
                session.send("226 nothing is being transferred now");
            }
            default -> session.send("502 " + verb + " is not implemented");
        }
    }

    private void auth(String mechanism) throws IOException {
        if (script.tls == null || !mechanism.equals("TLS")) {
            session.send("504 AUTH " + mechanism + " is not known");
            return;
        }
        boolean injected = session.commits(Fault.CLEARTEXT_BEHIND_AUTH);
        session.sendRaw(("234 go on\r\n" + (injected ? "230 logged in, and welcome\r\n" : "")).getBytes(UTF_8));
        session.startTls();
    }

    private void features() throws IOException {
        if (script.features.isEmpty()) {
            session.send("500 FEAT is not known");
            return;
        }
        StringBuilder reply = new StringBuilder("211-features\r\n");
        script.features.forEach(feature -> reply.append(' ').append(feature).append("\r\n"));
        session.sendRaw(reply.append("211 end\r\n").toString().getBytes(UTF_8));
    }

    private void changeDirectory(String path) throws IOException {
        directory = path;
        session.send("250 in " + path);
    }

    private String absolute(String path) {
        if (path.startsWith("/")) {
            return path;
        }
        return directory.endsWith("/") ? directory + path : directory + "/" + path;
    }

    /** The key in the script's files. */
    private String key(String path) {
        return absolute(path).substring(1);
    }

    private void restart(String argument) throws IOException {
        restart = Long.parseLong(argument);
        session.send("350 restarting at " + restart);
    }

    private void file(String verb, String argument) throws IOException {
        StoredFile file = script.files.get(key(argument));
        if (verb.equals("RNTO")) {
            StoredFile moved = script.files.remove(renamed);
            if (moved != null) {
                script.files.put(key(argument), moved);
            }
            session.send(moved == null ? "503 RNFR first" : "250 renamed");
        } else if (file == null) {
            session.send("550 " + argument + ": no such file");
        } else if (verb.equals("RNFR")) {
            renamed = key(argument);
            session.send("350 and now the new name");
        } else if (verb.equals("DELE")) {
            script.files.remove(key(argument));
            session.send("250 deleted");
        } else if (verb.equals("MLST")) {
            session.send("250-as follows", " " + facts(file) + " " + absolute(argument), "250 end");
        } else {
            session.send("213 " + (verb.equals("SIZE") ? file.size() : MODIFIED));
        }
    }

    private static String facts(StoredFile file) {
        return "type=file;size=" + file.size() + ";modify=" + MODIFIED + ";";
    }

    private void dataPort(String verb, String argument) throws IOException {
        boolean extended = verb.startsWith("E");
        if (verb.equals("PORT") || verb.equals("EPRT")) {
            if (session.commits(Fault.ACTIVE_REFUSED) || (extended && session.commits(Fault.EPRT_REFUSED))) {
                session.send("500 " + verb + " is not understood");
                return;
            }
            HostPort target = extended ? HostPort.parseEprt(argument) : HostPort.parsePort(argument);
            session.data().target(new InetSocketAddress(target.address(), target.port()));
            session.send("200 " + verb + " okay");
        } else if (session.commits(extended ? Fault.EPSV_REFUSED : Fault.PASV_REFUSED)) {
            session.send("500 " + verb + " is not understood");
        } else if (extended && session.commits(Fault.EPSV_MALFORMED)) {
            session.send("229 entering extended passive mode");
        } else {
            session.send(passive(extended));
        }
    }

    private String passive(boolean extended) throws IOException {
        boolean dead =
                session.commits(Fault.PASSIVE_UNREACHABLE) || (extended && session.commits(Fault.EPSV_UNREACHABLE));
        InetSocketAddress here = dead
                ? session.data().deadPort()
                : session.commits(Fault.PASSIVE_BLACK_HOLE)
                        ? session.data().blackHole()
                        : session.data().listen();
        if (extended) {
            return "229 entering extended passive mode (|||" + here.getPort() + "|)";
        }
        if (here.getAddress() instanceof Inet6Address) {
            return "425 PASV is for IPv4";
        }
        InetAddress named = session.commits(Fault.PASSIVE_ADDRESS_FOREIGN)
                ? NOBODY
                : session.commits(Fault.PASSIVE_ADDRESS_ZERO) ? ZERO : here.getAddress();
        String numbers = new HostPort(named, here.getPort()).portArgument();
        return session.commits(Fault.PASSIVE_WITHOUT_PARENTHESES)
                ? "227 Entering Passive Mode " + numbers
                : "227 Entering Passive Mode (" + numbers + ")";
    }

    private void transfer(String verb, String argument) throws IOException, InterruptedException {
        long from = restart;
        restart = 0;
        boolean upload = verb.equals("STOR") || verb.equals("APPE") || verb.equals("STOU");
        StoredFile file = upload ? StoredFile.of(new byte[0]) : source(verb, argument);
        if (file == null) {
            session.send("550 " + argument + ": no such file");
            return;
        }
        if (!session.data().isPrepared()) {
            session.send("425 use PASV or PORT first");
            return;
        }
        boolean active = session.data().isActive();
        if (active && session.commits(Fault.ACTIVE_CANNOT_CONNECT)) {
            session.data().close();
            session.send("425 cannot connect to you");
            return;
        }
        CountDownLatch aborted = session.interruptible();
        try {
            if (active && session.commits(Fault.ACTIVE_NEVER_CONNECTS)) {
                session.send("150 will connect");
                aborted.await();
            } else if (upload) {
                receive(verb, argument, from, aborted);
                return;
            } else {
                send(verb, argument, file, from, aborted);
                return;
            }
        } catch (IOException cut) {
            // The data connection: the client closed it, or ABOR did.
        } finally {
            session.notInterruptible();
            session.data().close();
        }
        session.send("426 the transfer was cut off");
    }

    private @Nullable StoredFile source(String verb, String argument) {
        if (verb.equals("RETR")) {
            return script.files.get(key(argument));
        }
        byte[] listing = script.listings.get(verb + " " + argument);
        if (listing == null) {
            listing = script.listings.get(verb);
        }
        return StoredFile.of(listing == null ? listing(verb) : listing);
    }

    private byte[] listing(String verb) {
        StringBuilder text = new StringBuilder();
        String prefix = key("");
        script.files.forEach((name, file) -> {
            if (!name.startsWith(prefix) || name.indexOf('/', prefix.length()) >= 0) {
                return;
            }
            String last = name.substring(prefix.length());
            switch (verb) {
                case "LIST" ->
                    text.append("-rw-r--r--   1 ftp      ftp      ")
                            .append(file.size())
                            .append(" Feb 29  2024 ")
                            .append(last);
                case "MLSD" -> text.append(facts(file)).append(' ').append(last);
                default -> text.append(last);
            }
            text.append("\r\n");
        });
        return NameCharset.UTF_8.encode(text.toString());
    }

    private void send(String verb, String name, StoredFile file, long from, CountDownLatch aborted)
            throws IOException, InterruptedException {
        long size = Math.max(0, file.size() - from);
        session.send("150 " + verb + " " + name + (verb.equals("RETR") ? " (" + file.size() + " bytes)" : " begins"));
        try (Socket data = session.data().open();
                ReadableByteChannel source = file.from(from)) {
            if (refused(data)) {
                return;
            }
            if (session.commits(Fault.HANG_AFTER_150)) {
                aborted.await();
                throw new IOException("aborted");
            }
            session.data().send(source, size / 2);
            if (session.commits(Fault.COMPLETION_BEFORE_DATA_END)) {
                session.send("226 all is sent");
            }
            if (spoil(aborted)) {
                return;
            }
            session.data().send(source, size - size / 2);
            if (session.commits(Fault.DATA_NEVER_ENDS)) {
                aborted.await();
                throw new IOException("aborted");
            }
            session.data().end();
        }
        complete();
    }

    /** Whether a data connection was refused, because its TLS session is new; as real servers do it, with the reply at the end. */
    private boolean refused(Socket data) throws IOException {
        if (!session.tls().refuses()) {
            return false;
        }
        data.shutdownOutput();
        data.getInputStream().transferTo(OutputStream.nullOutputStream());
        session.data().close();
        if (session.commits(Fault.UNRESUMED_ENDS_SESSION)) {
            session.close();
        } else if (session.commits(Fault.NEVER_RESUMED_AND_REFUSED)) {
            session.send("425 cannot build the data connection");
        } else {
            session.send("522 the session must be reused");
        }
        return true;
    }

    private void receive(String verb, String name, long from, CountDownLatch aborted)
            throws IOException, InterruptedException {
        String key = verb.equals("STOU") ? "unique." + ++unique : key(name);
        session.send("150 " + (verb.equals("STOU") ? "FILE: " + key : verb + " " + name));
        byte[] received;
        try (Socket data = session.data().open()) {
            if (refused(data)) {
                return;
            }
            if (session.commits(Fault.HANG_AFTER_150)) {
                aborted.await();
                throw new IOException("aborted");
            }
            byte[] some = session.data().receiveSome();
            if (session.commits(Fault.COMPLETION_BEFORE_DATA_END)) {
                session.send("226 all is received");
            }
            if (spoil(aborted)) {
                store(verb, key, from, some);
                return;
            }
            byte[] rest = some.length == 0 ? some : session.data().receive();
            received = Arrays.copyOf(some, some.length + rest.length);
            System.arraycopy(rest, 0, received, some.length, rest.length);
            if (aborted.getCount() == 0 && data.isClosed()) {
                throw new IOException("aborted");
            }
        }
        store(verb, key, from, received);
        complete();
    }

    private void store(String verb, String key, long from, byte[] received) {
        StoredFile before = script.files.get(key);
        byte[] old = before == null || verb.equals("STOU") ? new byte[0] : before.bytes();
        int kept = verb.equals("APPE") ? old.length : (int) Math.min(from, old.length);
        byte[] all = Arrays.copyOf(old, kept + received.length);
        System.arraycopy(received, 0, all, kept, received.length);
        script.files.put(key, StoredFile.of(all));
    }

    /** The faults in mid-transfer; true when the transfer is over. */
    private boolean spoil(CountDownLatch aborted) throws IOException, InterruptedException {
        if (session.commits(Fault.HANG_IN_MID_TRANSFER)) {
            aborted.await();
            throw new IOException("aborted");
        }
        if (session.commits(Fault.CONTROL_RESET_IN_MID_TRANSFER)) {
            session.data().reset();
            session.reset();
            return true;
        }
        if (session.commits(Fault.CONTROL_CLOSED_IN_MID_TRANSFER)) {
            session.close();
            return true;
        }
        if (session.commits(Fault.CUT_WITHOUT_CLOSE_NOTIFY)) {
            session.data().end();
            session.send("226 all is well");
            return true;
        }
        List<Fault> cuts = List.of(Fault.RESET_DATA, Fault.ABORTED_IN_MID_TRANSFER, Fault.DATA_CUT_SHORT);
        for (Fault cut : cuts) {
            if (session.commits(cut)) {
                if (cut == Fault.RESET_DATA) {
                    session.data().reset();
                }
                session.data().close();
                session.send(cut == Fault.DATA_CUT_SHORT ? "226 all is well" : "426 the transfer was cut off");
                return true;
            }
        }
        return false;
    }

    private void complete() throws IOException, InterruptedException {
        session.data().close();
        if (session.commits(Fault.NO_COMPLETION)) {
            return;
        }
        if (session.commits(Fault.NEGATIVE_COMPLETION)) {
            session.send("451 the disk failed");
        } else if (!session.commits(Fault.COMPLETION_BEFORE_DATA_END)) {
            session.send("226 done");
        }
    }
}
