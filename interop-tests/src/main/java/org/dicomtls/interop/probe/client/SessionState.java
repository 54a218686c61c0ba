package org.dicomtls.interop.probe.client;

import java.util.List;
import org.dicomtls.interop.probe.client.ClientSession.Arrival;
import org.dicomtls.interop.probe.client.ClientSession.Entry;

/** What a session has found by a moment. */
record SessionState(
        List<Entry> entries,
        List<Arrival> arrivals,
        List<String> strange,
        boolean plainDicom,
        boolean sslv2,
        int connections) {}
