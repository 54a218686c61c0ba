package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.RawClient.Api;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every way to fail says at both ends what the table demands: the whole message, on both engines, through both APIs. */
class RefusalsTest {

    private static final RefusalTable TABLE = RefusalTable.read();

    /** Kinds that no case provokes, and why. */
    private static final Map<RefusalKind, String> ELSEWHERE = Map.ofEntries(
            Map.entry(RefusalKind.UNREACHABLE, "needs a network; UnreachableTest"),
            Map.entry(RefusalKind.OUTSIDE_POLICY, "would be a bug of an engine"),
            Map.entry(RefusalKind.CERTIFICATE_REVOKED, "needs a certificate that is revoked"),
            Map.entry(RefusalKind.CERTIFICATE_REVOCATION_UNKNOWN, "needs revocation to be asked for"),
            Map.entry(RefusalKind.CERTIFICATE_NOT_ALLOWED, "needs a list of peers"),
            Map.entry(RefusalKind.KEYS_USED_UP, "needs many records; KeyUseTest"),
            Map.entry(RefusalKind.ASSOCIATION_REJECTED, "made by those who speak DICOM; AssociationRefusalTest"),
            Map.entry(RefusalKind.ASSOCIATION_ABORTED, "as above"),
            Map.entry(RefusalKind.ASSOCIATION_TIMEOUT, "as above"),
            Map.entry(RefusalKind.ASSOCIATION_CLOSED, "as above"),
            Map.entry(RefusalKind.ASSOCIATION_PROTOCOL_ERROR, "as above"),
            Map.entry(RefusalKind.ASSOCIATION_NO_CONTEXT, "as above"),
            Map.entry(RefusalKind.ASSOCIATION_AE_TITLE, "as above"));

    @TestFactory
    Stream<DynamicTest> everyFailureSaysWhatTheTableDemands() {
        List<DynamicTest> tests = new ArrayList<>();
        for (RefusalCases.Case c : RefusalCases.all()) {
            for (Engine engine : Engine.values()) {
                for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
                    for (Api api : Api.values()) {
                        if (c.engines().contains(engine) && c.versions().contains(version) && c.apis().contains(api)) {
                            Provocation p = new Provocation(engine, api, version);
                            tests.add(dynamicTest(c.name() + ", " + p, () -> check(c, p)));
                        }
                    }
                }
            }
        }
        return tests.stream();
    }

    private static void check(RefusalCases.Case c, Provocation p) throws Exception {
        c.way().provoke(p);
        for (Role end : Role.values()) {
            RefusalTable.Line demanded = TABLE.demanded(c.name(), end, p);
            List<Refusal> told = p.told(end);
            if (demanded == null || demanded.silent()) {
                assertThat(told).as("the %s is told nothing", end.title()).isEmpty();
                continue;
            }
            assertThat(told).as("the %s is told once", end.title()).hasSize(1);
            Refusal refusal = told.get(0);
            if (!demanded.matches(refusal)) {
                assertThat(refusal.kind() + ": " + refusal.text()).isEqualTo(demanded.kind() + ": " + demanded.message());
            }
            assertThat(refusal.end()).isEqualTo(end);
            assertThat(refusal.connection().engine()).isEqualTo(p.engine);
            assertThat(refusal.connection().end()).isEqualTo(end);
            assertThat(refusal.time()).isAfterOrEqualTo(refusal.connection().since());
        }
    }

    @Test
    void everyKindIsInTheTableOrHasAReasonWhyNot() {
        Set<String> inTable = TABLE.all().stream()
                .map(RefusalTable.Line::kind)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> demanded = Arrays.stream(RefusalKind.values())
                .filter(kind -> !ELSEWHERE.containsKey(kind))
                .map(RefusalKind::key)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(inTable).isEqualTo(demanded);
    }

    @Test
    void everyMessageOfTheTableSaysWhatToDo() {
        assertThat(TABLE.all()).allSatisfy(line ->
                assertThat(line.silent() || line.message().contains("; remedy: ")).as(line.message()).isTrue());
    }

    @Test
    void theTableHasNothingThatIsNotProvoked() {
        assertThat(TABLE.names()).isEqualTo(RefusalCases.all().stream().map(RefusalCases.Case::name).toList());
    }
}
