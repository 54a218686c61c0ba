package org.dicomtls.interop.statement;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A language in which a statement can be written. */
public enum Language {
    ENGLISH("en", Locale.ENGLISH),
    JAPANESE("ja", Locale.JAPANESE);

    private final String tag;
    private final Locale locale;

    Language(String tag, Locale locale) {
        this.tag = tag;
        this.locale = locale;
    }

    /** The language tag of RFC 5646: {@code en} or {@code ja}. */
    public String tag() {
        return tag;
    }

    Locale locale() {
        return locale;
    }

    public static Optional<Language> named(String tag) {
        return Stream.of(values()).filter(l -> l.tag.equals(tag)).findFirst();
    }

    public static List<String> tags() {
        return Stream.of(values()).map(Language::tag).toList();
    }
}
