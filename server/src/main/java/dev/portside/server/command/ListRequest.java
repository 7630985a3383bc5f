package dev.portside.server.command;

/**
 * The argument of LIST, NLST and STAT as clients send it: options of {@code ls}, then a pathname.
 *
 * <p>{@code -a} also shows, for a pattern, what begins with a dot; every other option is understood to be one, and changes
 * nothing: the listing is always long, of one directory and in the order of the disk.
 *
 * @param all whether {@code -a} was given
 * @param pathname empty for the working directory
 */
record ListRequest(boolean all, String pathname) {
    static ListRequest parse(String argument) {
        boolean all = false;
        String rest = argument;
        while (isOption(rest)) {
            int space = rest.indexOf(' ');
            String option = space < 0 ? rest : rest.substring(0, space);
            all |= option.indexOf('a') >= 0 || option.indexOf('A') >= 0;
            rest = space < 0 ? "" : rest.substring(space).stripLeading();
        }
        return new ListRequest(all, rest);
    }

    private static boolean isOption(String text) {
        if (text.length() < 2 || text.charAt(0) != '-') {
            return false;
        }
        for (int i = 1; i < text.length() && text.charAt(i) != ' '; i++) {
            if (!Character.isLetterOrDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
