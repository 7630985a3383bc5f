package dev.portside.cli;

import dev.portside.client.DataMode;
import dev.portside.client.FtpClientTls;
import dev.portside.client.FtpProxy;
import dev.portside.client.TlsMode;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.PortRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the values of options are read. */
final class OptionTypes {
    private OptionTypes() {}

    /** What completion offers for {@code --mode}. */
    static final class Modes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(DataMode.values())
                    .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    /** What completion offers for {@code --tls}. */
    static final class TlsModes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(TlsMode.values())
                    .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    /** {@code sha256//} and Base64. */
    static final class Pin implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return FtpClientTls.builder(TlsMode.AUTO)
                        .pin(text)
                        .build()
                        .pins()
                        .iterator()
                        .next();
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }

    /** {@code 1.2} or {@code 1.3}. */
    static final class TlsVersion implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return switch (text) {
                case "1.2", "1.3" -> "TLSv" + text;
                default -> throw new TypeConversionException("not a version of TLS (1.2 or 1.3): " + text);
            };
        }
    }

    /** {@code 50000-50100}. */
    static final class Ports implements ITypeConverter<PortRange> {
        @Override
        public PortRange convert(String text) {
            try {
                return PortRange.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }

    /** {@code 192.0.2.1}, {@code 2001:db8::1} with or without brackets, or a host name. */
    static final class Address implements ITypeConverter<InetAddress> {
        @Override
        public InetAddress convert(String text) {
            boolean brackets = text.startsWith("[") && text.endsWith("]");
            try {
                return InetAddress.getByName(brackets ? text.substring(1, text.length() - 1) : text);
            } catch (UnknownHostException unknown) {
                throw new TypeConversionException("no such address: " + text);
            }
        }
    }

    /** {@code socks5://host:port} or {@code http://host:port}. */
    static final class Proxy implements ITypeConverter<FtpProxy> {
        @Override
        public FtpProxy convert(String text) {
            try {
                return FtpProxy.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }

    /** {@code utf-8}, {@code latin1}, whatever the JDK knows, as long as it begins with ASCII. */
    static final class Names implements ITypeConverter<NameCharset> {
        @Override
        public NameCharset convert(String text) {
            try {
                Charset charset = Charset.forName(text);
                if (charset.canEncode() && "/*".equals(new String(new byte[] {'/', '*'}, charset))) {
                    return new NameCharset(charset);
                }
                throw new TypeConversionException("not a charset for names: " + text);
            } catch (IllegalArgumentException unknown) {
                throw new TypeConversionException("no such charset: " + text);
            }
        }
    }

    /** {@code 30} or {@code 30s}, {@code 500ms}, {@code 5m}, {@code 1h}. */
    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");

        @Override
        public Duration convert(String text) {
            Matcher time = TIME.matcher(text.toLowerCase(Locale.ROOT));
            if (!time.matches() || Long.parseLong(time.group(1)) == 0) {
                throw new TypeConversionException("not a time (30, 500ms, 5m): " + text);
            }
            long number = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
        }
    }
}
