package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.DataStructure;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.InnerAddresses;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import dev.portside.server.PeerCheck;
import dev.portside.server.control.ByteRange;
import dev.portside.server.control.Session;
import dev.portside.transport.ActiveDataPort;
import dev.portside.transport.DataPeer;
import dev.portside.transport.PassiveDataPort;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/** How the next transfer goes, and who opens its data connection (RFC 959 section 4.1.2, RFC 2428). */
public final class TransferParameterCommands {
    /** RFC 2577 section 3: the ports below belong to services that could be attacked through an FTP server. */
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private static final int SUBNET_V4 = 24;
    private static final int SUBNET_V6 = 64;

    private static final Reply AFTER_EPSV_ALL =
            new Reply(ReplyCode.BAD_SEQUENCE_503, "After EPSV ALL there is EPSV only");

    private TransferParameterCommands() {}

    // Active mode

    public static Reply port(Session session, Command.Port port) throws IOException {
        return active(session, port.verb(), port.address());
    }

    public static Reply extendedPort(Session session, Command.Eprt eprt) throws IOException {
        return active(session, eprt.verb(), eprt.address());
    }

    private static Reply active(Session session, String verb, HostPort peer) throws IOException {
        if (session.isExtendedPassiveOnly()) {
            return AFTER_EPSV_ALL;
        }
        if (!session.options().network().activeMode()) {
            return new Reply(ReplyCode.COMMAND_NOT_IMPLEMENTED_502, "Active mode is switched off, use EPSV or PASV");
        }
        if (peer.port() < FIRST_UNPRIVILEGED_PORT) {
            return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, verb + ": not to a port below 1024");
        }
        InetAddress client = session.remoteAddress().getAddress();
        InetAddress target = peer.address();
        if ((target instanceof Inet4Address) != (client instanceof Inet4Address)) {
            return unsupportedProtocol(client);
        }
        boolean itsOwn = target instanceof Inet6Address && target.isAnyLocalAddress(); // as lftp says it
        if (itsOwn || target.equals(client)) {
            // The same bytes, and the zone of a link-local address that no command can name.
            target = client;
        } else if (isInnerOfOutsider(target, client)) {
            return new Reply(
                    ReplyCode.PARAMETER_NOT_IMPLEMENTED_504,
                    verb + ": your client sends its inner address " + HostPort.numeric(target)
                            + ", which cannot be reached from here; use passive mode (EPSV or PASV)");
        } else if (!session.options().network().foreignDataAddresses() || !isForeignTarget(target, client)) {
            return new Reply(
                    ReplyCode.PARAMETER_NOT_IMPLEMENTED_504,
                    verb + ": only to the address that you come from, " + HostPort.numeric(client));
        }
        session.dataPort(new ActiveDataPort(activeSource(session, target), new InetSocketAddress(target, peer.port())));
        return new Reply(ReplyCode.COMMAND_OKAY_200, verb + " okay");
    }

    /** The local address of the control connection, unless a proxy has come by another protocol than its client. */
    private static InetSocketAddress activeSource(Session session, InetAddress target) {
        InetAddress local = session.control().localAddress().getAddress();
        int port = session.options().network().activeSourcePort();
        boolean same = (local instanceof Inet4Address) == (target instanceof Inet4Address);
        return same ? new InetSocketAddress(local, port) : new InetSocketAddress(port);
    }

    /** Whether a client behind NAT names the address that it has there, which is nobody's or somebody else's here. */
    static boolean isInnerOfOutsider(InetAddress target, InetAddress client) {
        return InnerAddresses.isInner(target) && !InnerAddresses.isInner(client);
    }

    /** Whether a third-party transfer may go there: to a host, and not to this one's own for a client that is not on it. */
    static boolean isForeignTarget(InetAddress target, InetAddress client) {
        boolean ownHost = target.isLoopbackAddress() && !client.isLoopbackAddress();
        return !ownHost && !target.isMulticastAddress() && !target.isAnyLocalAddress();
    }

    // Passive mode

    public static Reply passive(Session session) throws IOException {
        return passive(session, session.tls().isClientToServer());
    }

    /** CPSV: PASV, but this server begins the TLS handshake. */
    static Reply passiveToServer(Session session) throws IOException {
        Reply reply = passive(session, true);
        session.tls().clientToServerOnce(true);
        return reply;
    }

    private static Reply passive(Session session, boolean toServer) throws IOException {
        if (session.isExtendedPassiveOnly()) {
            return AFTER_EPSV_ALL;
        }
        InetAddress reached = session.reachedAddress();
        if (!(reached instanceof Inet4Address)) {
            return new Reply(ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425, "PASV cannot name an IPv6 address, use EPSV");
        }
        InetAddress named = session.parts()
                .externalAddresses()
                .named(session.remoteAddress().getAddress(), listened(session));
        if (named == null) {
            return new Reply(
                    ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425,
                    "PASV: the external address of this server is not known yet, use EPSV");
        }
        HostPort advertised = new HostPort(named, listen(session, toServer));
        return new Reply(
                ReplyCode.ENTERING_PASSIVE_MODE_227, "Entering Passive Mode (" + advertised.portArgument() + ").");
    }

    /** Where a client finds the passive ports if nothing else is told. */
    private static InetAddress listened(Session session) {
        InetAddress local = session.control().localAddress().getAddress();
        InetAddress bind = session.options().network().passiveAddress(local);
        boolean direct = session.reachedAddress().equals(local);
        return direct && !bind.isAnyLocalAddress() ? bind : session.reachedAddress();
    }

    public static Reply extendedPassive(Session session, Command.Epsv epsv) throws IOException {
        InetAddress reached = session.reachedAddress();
        boolean four = reached instanceof Inet4Address;
        switch (epsv.which()) {
            case ALL -> {
                session.extendedPassiveOnly();
                return new Reply(ReplyCode.COMMAND_OKAY_200, "EPSV ALL okay");
            }
            case IPV4 -> {
                if (!four) {
                    return unsupportedProtocol(reached);
                }
            }
            case IPV6 -> {
                if (four) {
                    return unsupportedProtocol(reached);
                }
            }
            case NONE -> {}
        }
        int port = listen(session, session.tls().isClientToServer());
        return new Reply(
                ReplyCode.ENTERING_EXTENDED_PASSIVE_MODE_229, "Entering Extended Passive Mode (|||" + port + "|)");
    }

    /**
     * Listens for a data connection.
     *
     * @param toServer whether another server is to connect: from whatever address, since it shows a certificate
     * @return the port to be named
     */
    private static int listen(Session session, boolean toServer) throws IOException {
        // The port that is given back may be the last one of the range.
        session.dataPort(null);
        PassiveDataPort listening = session.parts().passivePorts().listen(session, expected(session, toServer));
        session.dataPort(listening);
        return listening.address().getPort() + session.options().network().advertisedPortOffset();
    }

    /** From which addresses a data connection may come (RFC 2577 section 4). */
    private static DataPeer expected(Session session, boolean toServer) {
        InetAddress client = session.remoteAddress().getAddress();
        PeerCheck check = session.options().network().peerCheck(client);
        boolean anywhere = toServer
                || check == PeerCheck.OFF
                || (check == PeerCheck.TLS_SESSION && session.tls().isDataProtected());
        if (anywhere) {
            return DataPeer.anyOf(address -> address.equals(client) || isForeignTarget(address, client));
        }
        return check == PeerCheck.SUBNET
                ? DataPeer.within(client, client instanceof Inet4Address ? SUBNET_V4 : SUBNET_V6)
                : DataPeer.exactly(client);
    }

    /** RFC 2428 section 2: the data connection speaks what the control connection speaks. */
    private static Reply unsupportedProtocol(InetAddress ours) {
        return new Reply(
                ReplyCode.NETWORK_PROTOCOL_NOT_SUPPORTED_522,
                "Network protocol not supported, use (" + (ours instanceof Inet4Address ? 1 : 2) + ")");
    }

    // Representation

    public static Reply type(Session session, Command.Type type) {
        if (type.type() == RepresentationType.EBCDIC) {
            return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "TYPE is A, I or L 8");
        }
        session.type(type.type());
        return new Reply(ReplyCode.COMMAND_OKAY_200, "TYPE is " + type.argument());
    }

    public static Reply structure(Command.Stru stru) {
        return stru.structure() == DataStructure.FILE
                ? new Reply(ReplyCode.COMMAND_OKAY_200, "STRU is F")
                : new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "STRU is F only");
    }

    public static Reply mode(Session session, Command.Mode mode) {
        TransmissionMode wanted = mode.mode();
        boolean deflate = session.options().compression();
        if (wanted == TransmissionMode.STREAM || (wanted == TransmissionMode.DEFLATE && deflate)) {
            session.mode(wanted);
            return new Reply(ReplyCode.COMMAND_OKAY_200, "MODE is " + mode.argument());
        }
        return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, deflate ? "MODE is S or Z" : "MODE is S only");
    }

    /**
     * OPTS MODE Z: pairs of a name and a value (draft-preston-ftpext-deflate-04). There is one engine and one method; LEVEL,
     * 0 to 9, says how hard this side tries.
     */
    static Reply deflateOptions(Session session, String argument) {
        String[] words = argument.strip().toUpperCase(Locale.ROOT).split(" +");
        if (!session.options().compression()) {
            return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "MODE Z is switched off");
        }
        if (!words[0].equals("Z")) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "OPTS MODE sets MODE Z only");
        }
        int level = session.deflateLevel();
        for (int i = 1; i < words.length; i += 2) {
            String value = i + 1 < words.length ? words[i + 1] : "";
            boolean known = switch (words[i]) {
                case "ENGINE" -> value.equals("ZLIB");
                case "METHOD" -> value.equals("8");
                case "LEVEL" -> value.matches("[0-9]");
                default -> false;
            };
            if (!known) {
                return new Reply(
                        ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "OPTS MODE Z is ENGINE ZLIB, METHOD 8 and LEVEL 0 to 9");
            }
            level = words[i].equals("LEVEL") ? Integer.parseInt(value) : level;
        }
        session.deflateLevel(level);
        return new Reply(ReplyCode.COMMAND_OKAY_200, "MODE Z ENGINE ZLIB METHOD 8 LEVEL " + level);
    }

    // Where the next transfer begins and ends

    public static Reply restart(Session session, Command.Rest rest) {
        session.range(ByteRange.from(rest.offset()));
        return new Reply(
                ReplyCode.PENDING_FURTHER_INFORMATION_350, "Restarting at " + rest.offset() + ", send the transfer");
    }

    /** RANG: first and last byte; {@code RANG 1 0} takes the range back. */
    public static Reply range(Session session, Command.Rang rang) {
        if (rang.start() == 1 && rang.end() == 0) {
            session.range(ByteRange.ALL);
            return new Reply(ReplyCode.PENDING_FURTHER_INFORMATION_350, "The whole file again");
        }
        if (rang.end() < rang.start()) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "RANG: the last byte is before the first");
        }
        session.range(new ByteRange(rang.start(), rang.end()));
        return new Reply(
                ReplyCode.PENDING_FURTHER_INFORMATION_350,
                "Range is " + rang.start() + "-" + rang.end() + ", send RETR or HASH");
    }
}
