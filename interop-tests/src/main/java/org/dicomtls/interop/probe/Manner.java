package org.dicomtls.interop.probe;

/**
 * How a server is asked.
 *
 * @param parallel how many connections at a time, 1 to {@value #MOST_PARALLEL}
 * @param gentle whether everything is left out that a well-behaved client would never send
 */
public record Manner(int parallel, boolean gentle) {

    /** More connections at a time than this only wait for one another. */
    public static final int MOST_PARALLEL = 64;

    /** Four connections at a time, and every question. */
    public static final Manner DEFAULT = new Manner(4, false);

    /**
     * @throws IllegalArgumentException when {@code parallel} is out of range
     */
    public Manner {
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException("--parallel " + parallel + " is outside 1…" + MOST_PARALLEL);
        }
    }
}
