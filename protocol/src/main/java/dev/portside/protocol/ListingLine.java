package dev.portside.protocol;

import java.time.LocalDate;
import java.util.Arrays;

/**
 * A line of a listing while a server writes it, one after the other in the same place: bytes in the charset of the control
 * connection, without line end. For one thread.
 */
public final class ListingLine {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long FIRST_DAY = LocalDate.MIN.toEpochDay();
    private static final long LAST_DAY = LocalDate.MAX.toEpochDay();
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] MONTHS = ascii("JanFebMarAprMayJunJulAugSepOctNovDec");

    private final NameCharset charset;
    private final boolean utf8;
    private byte[] bytes = new byte[512];
    private int length;

    /** Most files of a directory are of few days. */
    private long day = Long.MIN_VALUE;

    private int year;
    private int month;
    private int dayOfMonth;

    private final byte[] dateDigits = new byte[8];

    public ListingLine(NameCharset charset) {
        this.charset = charset;
        this.utf8 = charset.isUtf8();
    }

    static byte[] ascii(String text) {
        return NameCharset.UTF_8.encode(text);
    }

    /** Begins the next line. */
    public ListingLine clear() {
        length = 0;
        return this;
    }

    /** The bytes of the line: those before {@link #length}, until something is added. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /**
     * Adds a text, such as a name: CR, LF and NUL become {@code ?}, so that it cannot forge a second line. If the charset
     * lacks any of it, everything in it that is not ASCII becomes a question mark: the entry is seen, though it cannot be
     * named.
     */
    public ListingLine text(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length -= i;
                return encoded(text);
            }
            bytes[length++] = harmless((byte) c);
        }
        return this;
    }

    private ListingLine encoded(String text) {
        String line = text.replace('\r', '?').replace('\n', '?').replace('\0', '?');
        byte[] encoded;
        try {
            encoded = charset.encode(line);
        } catch (IllegalArgumentException unwritable) {
            encoded = charset.encode(line.replaceAll("[^\\x20-\\x7e]", "?"));
        }
        return bytes(encoded);
    }

    /** Adds a name that is there as the bytes of {@link NameCharset#UTF_8}, as {@link #text} adds one that is a string. */
    public ListingLine name(byte[] name, int nameLength) {
        if (!utf8) {
            return text(NameCharset.UTF_8.decode(name, 0, nameLength));
        }
        // Decoded and encoded again, any bytes at all would be the same.
        reserve(nameLength);
        for (int i = 0; i < nameLength; i++) {
            bytes[length++] = harmless(name[i]);
        }
        return this;
    }

    private static byte harmless(byte b) {
        return b == '\r' || b == '\n' || b == 0 ? (byte) '?' : b;
    }

    ListingLine bytes(byte[] added) {
        reserve(added.length);
        System.arraycopy(added, 0, bytes, length, added.length);
        length += added.length;
        return this;
    }

    ListingLine letter(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    ListingLine letters(char ascii, int count) {
        if (count > 0) {
            reserve(count);
            Arrays.fill(bytes, length, length + count, (byte) ascii);
            length += count;
        }
        return this;
    }

    /** Adds a number, with spaces in front up to a width. */
    ListingLine number(long number, int width) {
        if (number < 0) {
            String text = Long.toString(number);
            return letters(' ', width - text.length()).text(text);
        }
        int count = 1;
        for (long rest = number; rest > 9; rest /= 10) {
            count++;
        }
        letters(' ', width - count);
        reserve(count);
        length += count;
        long rest = number;
        for (int i = length - 1; i >= length - count; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Adds a number without a sign in lower-case hexadecimal digits, as few as there are. */
    ListingLine hex(long number) {
        int count = Math.max(1, (Long.SIZE + 3 - Long.numberOfLeadingZeros(number)) / 4);
        reserve(count);
        for (int shift = 4 * count - 4; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (number >>> shift) & 0xf];
        }
        return this;
    }

    /** Adds a time in UTC: {@code YYYYMMDDHHMMSS}, and a fraction of three digits where there are milliseconds. */
    ListingLine timestamp(long second, int nano) {
        date(second);
        int time = Math.floorMod(second, SECONDS_PER_DAY);
        bytes(dateDigits).twoDigits(time / 3600).twoDigits(time / 60 % 60).twoDigits(time % 60);
        int millis = nano / 1_000_000;
        return millis == 0
                ? this
                : letter('.').letter((char) ('0' + millis / 100)).twoDigits(millis % 100);
    }

    private ListingLine twoDigits(int number) {
        reserve(2);
        bytes[length] = (byte) ('0' + number / 10);
        bytes[length + 1] = (byte) ('0' + number % 10);
        length += 2;
        return this;
    }

    /** Adds {@code Jan 05 12:34} or {@code Jan 05  2024}: twelve characters either way. */
    ListingLine lsTime(long second, boolean recent) {
        date(second);
        reserve(3);
        System.arraycopy(MONTHS, 3 * (month - 1), bytes, length, 3);
        length += 3;
        letter(' ').twoDigits(dayOfMonth).letter(' ');
        int minute = Math.floorMod(second, SECONDS_PER_DAY) / 60;
        return recent ? twoDigits(minute / 60).letter(':').twoDigits(minute % 60) : number(year, 5);
    }

    private void date(long second) {
        long wanted = Math.clamp(Math.floorDiv(second, SECONDS_PER_DAY), FIRST_DAY, LAST_DAY);
        if (wanted != day) {
            LocalDate date = LocalDate.ofEpochDay(wanted);
            day = wanted;
            year = date.getYear();
            month = date.getMonthValue();
            dayOfMonth = date.getDayOfMonth();
            int digits = (year * 100 + month) * 100 + dayOfMonth;
            for (int i = dateDigits.length - 1; i >= 0; i--) {
                dateDigits[i] = (byte) ('0' + digits % 10);
                digits /= 10;
            }
        }
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
    }

    /** The line as text. */
    @Override
    public String toString() {
        return charset.decode(bytes, 0, length);
    }
}
