package org.dicomtls.interop.audit;

/** What an audit comes to. */
public enum Conclusion {
    /** Every SHALL that the wire can decide holds. */
    CONFORMANT("conformant"),
    /** A SHALL is broken. */
    NON_CONFORMANT("non-conformant"),
    /** No SHALL was seen broken, but one that the wire can decide stayed open. */
    UNDETERMINED("undetermined");

    private final String title;

    Conclusion(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
