package org.dicomtls.interop.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.UnknownProfileException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Turn words of the command line into values, or say what is wrong with them. */
final class Converters {

    private Converters() {}

    /** A profile by its id. */
    static final class ToProfile implements ITypeConverter<Profile> {
        @Override
        public Profile convert(String value) {
            try {
                return Profiles.named(value);
            } catch (UnknownProfileException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** An engine by its id. */
    static final class ToEngine implements ITypeConverter<Engine> {
        @Override
        public Engine convert(String value) {
            return Engine.named(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "unknown engine '" + value + "'; known: " + String.join(", ", Engine.ids())));
        }
    }

    /**
     * A host and a port, e.g. {@code pacs.example:2762} or {@code [::1]:2762}.
     *
     * @param port 1 to 65535
     */
    record HostPort(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A host and a port. */
    static final class ToHostPort implements ITypeConverter<HostPort> {
        private static final Pattern FORM = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\s:\\[\\]]+)):(\\d{1,5})");

        @Override
        public HostPort convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value + "' is not HOST:PORT");
            }
            int port = Integer.parseInt(matcher.group(3));
            if (port < 1 || port > 65535) {
                throw new TypeConversionException("port " + port + " is outside 1…65535");
            }
            return new HostPort(Optional.ofNullable(matcher.group(1)).orElse(matcher.group(2)), port);
        }
    }

    /** A duration as {@link ToDuration} takes it, or none. */
    static final class ToDurationOrNone implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            return value.equals("0") ? Duration.ZERO : new ToDuration().convert(value);
        }
    }

    /** A duration in seconds, e.g. {@code 10} or {@code 0.5}; {@code s} and {@code ms} may follow. */
    static final class ToDuration implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s)?");
        /** Sockets count milliseconds in 31 bits, which is a little more. */
        private static final Duration LONGEST = Duration.ofDays(24);

        @Override
        public Duration convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value + "' is not a time such as 10, 2.5s or 500ms");
            }
            double number = Double.parseDouble(matcher.group(1));
            Duration duration = Duration.ofMillis(Math.round("ms".equals(matcher.group(2)) ? number : number * 1000));
            if (duration.isZero()) {
                throw new TypeConversionException("a time of 0 is not possible");
            }
            if (duration.compareTo(LONGEST) > 0) {
                throw new TypeConversionException("'" + value + "' is longer than " + LONGEST.toDays() + " days");
            }
            return duration;
        }
    }
}
