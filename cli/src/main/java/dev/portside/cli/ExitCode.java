package dev.portside.cli;

/** What the program tells its caller when it ends: the documented table of {@code portside help exit-codes}. */
enum ExitCode {
    OK(0, "everything was done"),
    SOME_FAILED(1, "some of the files failed, for the reasons printed"),
    USAGE(2, "the command line was not understood"),
    CANNOT_CONNECT(3, "no connection to the server, or it broke; serve: cannot listen"),
    LOGIN_REFUSED(4, "the server refused the login"),
    DATA_CONNECTION(5, "no data connection could be made, or it broke"),
    REFUSED(6, "the server said no: no such file, no permission, no space"),
    LOCAL_FILE(7, "a local file could not be read or written"),
    PROTOCOL(8, "the server broke the protocol"),
    CERTIFICATE(9, "the server's certificate was refused"),
    PROBLEMS(10, "check and doctor: what is wrong was printed"),
    INTERNAL(70, "a fault in portside itself: please report it"),
    INTERRUPTED(130, "interrupted (Ctrl-C)"),
    OUTPUT_CLOSED(141, "nobody reads the output any more (as in: portside cat … | head)"),
    TERMINATED(143, "SIGTERM; serve has stopped in order");

    private final int value;
    private final String meaning;

    ExitCode(int value, String meaning) {
        this.value = value;
        this.meaning = meaning;
    }

    int value() {
        return value;
    }

    String meaning() {
        return meaning;
    }
}
