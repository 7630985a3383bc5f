package dev.portside.protocol;

/** A line that is no command; knows the reply that says so: 500, 501, 504 or 522. */
public final class CommandSyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    CommandSyntaxException(ReplyCode code, String text) {
        super(code + " " + text, null, false, false);
        this.reply = new Reply(code, text);
    }

    /** What the server answers. */
    public Reply reply() {
        return reply;
    }
}
