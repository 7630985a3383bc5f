package dev.portside.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** What to set in which server program, exactly; in words where the program is not known. */
final class Settings {
    private final Software software;

    Settings(Software software) {
        this.software = software;
    }

    /** With the name of the program in front, if it is known. */
    private String named(String setting) {
        return software == Software.UNKNOWN ? setting : software + ": " + setting;
    }

    /** A fixed range of passive ports. */
    String passiveRange() {
        return named(
                switch (software) {
                    case VSFTPD -> "pasv_min_port=50000 and pasv_max_port=50100";
                    case PROFTPD -> "PassivePorts 50000 50100";
                    case PURE_FTPD -> "PassivePortRange 50000 50100 (or -p 50000:50100)";
                    case PORTSIDE -> "--passive-ports 50000-50100";
                    case FILEZILLA ->
                        "Protocols settings, FTP and FTP over TLS, Passive mode: a custom port range 50000-50100";
                    case IIS ->
                        "FTP Firewall Support: Data Channel Port Range 50000-50100, then restart the FTP service";
                    case UNKNOWN -> "give the server a fixed range of passive ports, such as 50000-50100";
                });
    }

    /** The address that 227 names. */
    String externalAddress(String address) {
        return named(
                switch (software) {
                    case VSFTPD -> "pasv_address=" + address + " (a name needs pasv_addr_resolve=YES)";
                    case PROFTPD -> "MasqueradeAddress " + address;
                    case PURE_FTPD -> "ForcePassiveIP " + address + " (or -P " + address + ")";
                    case PORTSIDE -> "--external-address " + address;
                    case FILEZILLA ->
                        "Protocols settings, FTP and FTP over TLS, Passive mode: use the following host " + address;
                    case IIS -> "FTP Firewall Support: External IP Address of Firewall " + address;
                    case UNKNOWN -> "set the server's external (masquerade) address for passive mode to " + address;
                });
    }

    /** Clients inside the same network get the inner address. */
    String innerAddress(String address) {
        return named(
                switch (software) {
                    case PORTSIDE -> "--external-address NETWORK=" + address + " for the network of these clients";
                    case PROFTPD ->
                        "a second <VirtualHost> on the inner address without MasqueradeAddress, for clients inside";
                    case VSFTPD -> "a second vsftpd on the inner address without pasv_address, for clients inside";
                    case FILEZILLA -> "Passive mode: do not use the external address for local connections";
                    case PURE_FTPD, IIS, UNKNOWN ->
                        "name the inner address " + address + " to clients inside, or let the gateway loop its outer"
                                + " address back (hairpin NAT)";
                });
    }

    String allowPassive() {
        return named(
                switch (software) {
                    case VSFTPD -> "pasv_enable=YES";
                    case PROFTPD -> "allow EPSV and PASV (no <Limit EPSV PASV> that denies)";
                    case PORTSIDE, PURE_FTPD, FILEZILLA, IIS, UNKNOWN -> "switch passive mode on";
                });
    }

    String allowActive() {
        return named(
                switch (software) {
                    case VSFTPD -> "port_enable=YES";
                    case PROFTPD -> "allow EPRT and PORT (no <Limit EPRT PORT> that denies)";
                    case PORTSIDE -> "leave out --no-active";
                    case PURE_FTPD, FILEZILLA, IIS, UNKNOWN -> "switch active mode on";
                });
    }

    /** The data connection comes from another address than the control connection. */
    String relaxPeerCheck() {
        return named(
                switch (software) {
                    case VSFTPD -> "pasv_promiscuous=YES (it then takes data connections from anybody)";
                    case PROFTPD -> "AllowForeignAddress on, for a class of these addresses";
                    case PORTSIDE -> "--data-peer-check NETWORK=subnet, or NETWORK=tls-session, for these clients";
                    case PURE_FTPD, FILEZILLA, IIS, UNKNOWN ->
                        "allow data connections from these other addresses, where the server has a setting for it";
                });
    }

    String noReuseDemanded() {
        return named(
                switch (software) {
                    case VSFTPD -> "require_ssl_reuse=NO";
                    case PROFTPD -> "TLSOptions NoSessionReuseRequired";
                    case PORTSIDE -> "--data-session-reuse preferred";
                    case FILEZILLA, PURE_FTPD, IIS, UNKNOWN ->
                        "do not demand that data connections resume the TLS session, or resume it in more clients:"
                                + " enlarge its session cache and the lifetime of tickets";
                });
    }

    String moreSessions() {
        return named(
                switch (software) {
                    case VSFTPD -> "max_per_ip and max_clients (0: no limit)";
                    case PROFTPD -> "MaxClientsPerHost, MaxClients and MaxInstances";
                    case PURE_FTPD -> "MaxClientsPerIP and MaxClientsNumber";
                    case PORTSIDE -> "the limits of sessions, in all and per address";
                    case FILEZILLA, IIS, UNKNOWN -> "the limits of sessions, in all and per address";
                });
    }

    String longerIdle() {
        return named(
                switch (software) {
                    case VSFTPD -> "idle_session_timeout (seconds)";
                    case PROFTPD -> "TimeoutIdle (seconds)";
                    case PURE_FTPD -> "MaxIdleTime (minutes)";
                    case PORTSIDE, FILEZILLA, IIS, UNKNOWN -> "a longer idle time-out";
                });
    }

    String widerRange() {
        return named(
                switch (software) {
                    case VSFTPD -> "a wider pasv_min_port to pasv_max_port";
                    case PROFTPD -> "a wider PassivePorts";
                    case PURE_FTPD -> "a wider PassivePortRange";
                    case PORTSIDE -> "a wider --passive-ports; one port serves every client address once";
                    case FILEZILLA -> "a wider custom port range";
                    case IIS -> "a wider Data Channel Port Range";
                    case UNKNOWN -> "a wider range of passive ports";
                });
    }

    String activeSourcePort() {
        return named(
                switch (software) {
                    case VSFTPD -> "connect_from_port_20=NO";
                    case PORTSIDE -> "--active-source-port 0";
                    case PROFTPD, PURE_FTPD, FILEZILLA, IIS, UNKNOWN ->
                        "connect from any port rather than from 20, or let port 20 be used again at once (SO_REUSEADDR)";
                });
    }

    String offerTls() {
        return named(
                switch (software) {
                    case VSFTPD -> "ssl_enable=YES, rsa_cert_file and rsa_private_key_file";
                    case PROFTPD -> "mod_tls: TLSEngine on, TLSRSACertificateFile and TLSRSACertificateKeyFile";
                    case PURE_FTPD -> "TLS 1 (or --tls=1) and a certificate in /etc/ssl/private/pure-ftpd.pem";
                    case PORTSIDE -> "--tls auto";
                    case IIS -> "FTP SSL Settings: a certificate, and Allow or Require SSL connections";
                    case FILEZILLA, UNKNOWN -> "switch on explicit TLS (AUTH TLS)";
                });
    }

    /** Ports that are opened and forwarded by hand. */
    List<String> openRange(boolean nat, String address) {
        List<String> change = new ArrayList<>(List.of(passiveRange()));
        if (nat) {
            change.add("server's gateway: forward TCP 50000-50100 to the server, one to one");
            change.add(externalAddress(address));
        } else {
            change.add("server's gateway, and the firewall of the server's computer: let TCP 50000-50100 in");
        }
        return change;
    }
}
