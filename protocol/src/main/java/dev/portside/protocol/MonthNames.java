package dev.portside.protocol;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names of the months that {@code ls} writes in the locales servers run in.
 *
 * <p>The same word means the same month in all languages of the table.
 */
final class MonthNames {
    private static final List<String> LANGUAGES = List.of(
            // English, in short and in full
            "jan feb mar apr may jun jul aug sep oct nov dec",
            "january february march april may june july august september october november december",
            // German
            "jän feb mär apr mai jun jul aug sep okt nov dez",
            "januar februar mrz april mai juni juli august september oktober november dezember",
            // French
            "janv févr mars avr mai juin juil août sept oct nov déc",
            "jan fév mar avr mai jun jui aoû sep oct nov déc",
            // Spanish
            "ene feb mar abr may jun jul ago sept oct nov dic",
            // Italian
            "gen feb mar apr mag giu lug ago set ott nov dic",
            // Portuguese
            "jan fev mar abr mai jun jul ago set out nov dez",
            // Dutch
            "jan feb mrt apr mei jun jul aug sep okt nov dec",
            // Swedish, Danish, Norwegian
            "jan feb mars apr maj juni juli aug sep okt nov dec",
            "jan feb mars april mai juni juli aug sept okt nov des",
            // Finnish
            "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
            // Polish
            "sty lut mar kwi maj cze lip sie wrz paź lis gru",
            // Czech
            "led úno bře dub kvě čen čec srp zář říj lis pro",
            // Hungarian
            "jan febr márc ápr máj jún júl aug szept okt nov dec",
            "jan feb már ápr máj jún júl aug sze okt nov dec",
            // Russian
            "янв фев мар апр май июн июл авг сен окт ноя дек",
            "янв февр мар апр мая июн июл авг сент окт нояб дек",
            // Turkish
            "oca şub mar nis may haz tem ağu eyl eki kas ara");

    /** Charsets in which older servers wrote these names, read here as UTF-8. */
    private static final List<String> OLDER_CHARSETS =
            List.of("ISO-8859-1", "ISO-8859-2", "ISO-8859-9", "windows-1250", "windows-1251", "KOI8-R");

    private static final Map<String, Integer> MONTHS = new HashMap<>();

    static {
        for (String language : LANGUAGES) {
            String[] names = language.split(" ", -1);
            for (int month = 1; month <= names.length; month++) {
                add(names[month - 1], month);
            }
        }
    }

    private MonthNames() {}

    private static void add(String name, int month) {
        MONTHS.put(name, month);
        for (String charset : OLDER_CHARSETS) {
            Charset older = Charset.forName(charset);
            for (String written : List.of(name, capitalised(name))) {
                if (older.newEncoder().canEncode(written)) {
                    String misread = NameCharset.UTF_8.decode(written.getBytes(older));
                    MONTHS.putIfAbsent(misread.toLowerCase(Locale.ROOT), month);
                }
            }
        }
    }

    private static String capitalised(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** 1 to 12 for the name of a month, in any case, with or without a point, or as {@code 1月}; otherwise 0. */
    static int number(String word) {
        if (word.length() > 12) {
            return 0;
        }
        String name = word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
        if (name.endsWith("月") || name.endsWith("월")) {
            int month = Digits.parseInt(name.substring(0, name.length() - 1));
            return month >= 1 && month <= 12 ? month : 0;
        }
        return MONTHS.getOrDefault(name.toLowerCase(Locale.ROOT), 0);
    }
}
