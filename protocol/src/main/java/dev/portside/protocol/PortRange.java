package dev.portside.protocol;

/**
 * TCP ports from {@code first} to {@code last}, both included.
 *
 * @param first 1 to 65535, or 0 for {@link #ANY}
 * @param last not below {@code first}
 */
public record PortRange(int first, int last) {
    /** Whatever port the operating system picks. */
    public static final PortRange ANY = new PortRange(0, 0);

    public PortRange {
        boolean any = first == 0 && last == 0;
        if (!any && (first < 1 || last < first || last > 65535)) {
            throw new IllegalArgumentException("not a range of ports (1-65535): " + first + "-" + last);
        }
    }

    /**
     * Reads {@code 50000-50100} or {@code 50000}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static PortRange parse(String text) {
        String[] ends = text.strip().split("-", 2);
        try {
            int first = Integer.parseInt(ends[0].strip());
            int last = ends.length == 1 ? first : Integer.parseInt(ends[1].strip());
            return new PortRange(first, last);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("not a range of ports (50000-50100): \"" + text + "\"", notANumber);
        }
    }

    public boolean isAny() {
        return first == 0;
    }

    /** How many ports there are; 0 for {@link #ANY}. */
    public int size() {
        return isAny() ? 0 : last - first + 1;
    }

    @Override
    public String toString() {
        return isAny() ? "any" : first == last ? Integer.toString(first) : first + "-" + last;
    }
}
