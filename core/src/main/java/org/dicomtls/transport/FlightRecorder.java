package org.dicomtls.transport;

/**
 * The JDK's flight recorder, where this JVM has one: the module {@code jdk.jfr} is not required, and a runtime image
 * without it records nothing.
 */
abstract class FlightRecorder {

    static final FlightRecorder INSTANCE = find();

    private static FlightRecorder find() {
        try {
            Class.forName("jdk.jfr.Event");
            return new JdkFlightRecorder();
        } catch (ClassNotFoundException | LinkageError e) {
            return new None();
        }
    }

    /** A handshake that has begun, on its way to an event. */
    interface Handshake {
        /** What is recorded of a handshake while nobody records. */
        Handshake NOT_RECORDED = negotiated -> {};

        void established(Negotiated negotiated);
    }

    /** A handshake begins. */
    abstract Handshake begin();

    abstract void refused(Refusal refusal);

    private static final class None extends FlightRecorder {
        @Override
        Handshake begin() {
            return Handshake.NOT_RECORDED;
        }

        @Override
        void refused(Refusal refusal) {
            // Nothing records.
        }
    }
}
