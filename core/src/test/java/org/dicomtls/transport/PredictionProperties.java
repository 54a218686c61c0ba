package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Label;
import net.jqwik.api.statistics.Statistics;
import org.dicomtls.predict.Prediction;

class PredictionProperties {

    @Provide
    Arbitrary<Derived> derived() {
        return Derived.any();
    }

    @Property(tries = 300)
    @Label("what two derived policies negotiate is what was predicted")
    void predictedIsObserved(@ForAll("derived") Derived client, @ForAll("derived") Derived server) throws Exception {
        Prediction predicted = Prediction.of(client.end(), server.end());
        Statistics.label("established").collect(predicted.established());
        String observed = observe(client, server);
        String expected = predicted.established() ? predicted.toString() : "refused";
        assertThat(observed).as("predicted: %s", predicted).startsWith(expected);
    }

    private static String observe(Derived client, Derived server) throws Exception {
        Object from = client.transport(true);
        Object to = server.transport(false);
        if (!(from instanceof SecureTransport) || !(to instanceof SecureTransport)) {
            return "refused " + from + " | " + to;
        }
        Loopback.Outcome outcome = Loopback.run((SecureTransport) from, (SecureTransport) to);
        if (outcome.client().negotiated().isEmpty() || outcome.server().negotiated().isEmpty()) {
            return "refused " + outcome.client().failure() + " | " + outcome.server().failure();
        }
        Negotiated negotiated = outcome.client().established();
        assertThat(outcome.server().established().group()).isEqualTo(negotiated.group());
        return new Prediction(
                        true,
                        Optional.of(negotiated.version()),
                        Optional.of(negotiated.suite()),
                        negotiated.group(),
                        "")
                .toString();
    }
}
