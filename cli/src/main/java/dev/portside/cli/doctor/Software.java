package dev.portside.cli.doctor;

import java.util.Locale;

/** The server programs whose settings are known here. */
enum Software {
    VSFTPD("vsftpd", "vsftpd"),
    PROFTPD("ProFTPD", "proftpd"),
    PURE_FTPD("Pure-FTPd", "pure-ftpd"),
    PORTSIDE("Portside", "portside"),
    FILEZILLA("FileZilla Server", "filezilla"),
    IIS("IIS", "microsoft ftp"),
    UNKNOWN("", "\0");

    private final String words;
    private final String sign;

    Software(String words, String sign) {
        this.words = words;
        this.sign = sign;
    }

    /** What a greeting tells; many tell nothing. */
    static Software of(String greeting) {
        String text = greeting.toLowerCase(Locale.ROOT);
        for (Software software : values()) {
            if (text.contains(software.sign)) {
                return software;
            }
        }
        return UNKNOWN;
    }

    /** Whether it takes no address in PORT but that of the control connection, unless it is told to. */
    boolean takesNoForeignAddress() {
        return this == VSFTPD || this == PROFTPD || this == PURE_FTPD || this == PORTSIDE;
    }

    @Override
    public String toString() {
        return words;
    }
}
