package org.dicomtls.interop.export;

/** The versions of OpenSSL that were measured, as far as they differ. */
enum OpenSslLibrary {
    /** 3.0.22, of Debian 12. */
    V3_0("OpenSSL 3.0", Release.Range.of("3.0", "3.1")),
    /** 3.5.9, of Debian 13. It has suites with a short tag at security level 0 only. */
    V3_5("OpenSSL 3.5", Release.Range.of("3.5", "3.6"));

    private final String title;
    private final Release.Range versions;

    OpenSslLibrary(String title, Release.Range versions) {
        this.title = title;
        this.versions = versions;
    }

    String title() {
        return title;
    }

    Release.Range versions() {
        return versions;
    }
}
