package org.dicomtls.transport;

import org.dicomtls.policy.Engine;

/** Does one handshake that succeeds and one that fails on each engine, for the sake of what is logged of them. */
final class Speaking {

    private Speaking() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("flight recorder " + FlightRecorder.INSTANCE.getClass().getSimpleName());
        for (Engine engine : Engine.values()) {
            Loopback.run(Transports.client(engine), Transports.server(engine)).client().established();
            SecureTransport expired = Transports.clientOf(engine, TestProfiles.WIDE)
                    .identity(Flaw.EXPIRED.identity())
                    .build();
            Loopback.run(expired, Transports.server(engine)).server().refusal();
        }
        System.exit(0);
    }
}
