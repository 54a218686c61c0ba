package org.dicomtls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may know which. */
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dicomtls");

    @ParameterizedTest
    @CsvSource({
        "tls, tls",
        "rule, rule tls",
        "wire, wire tls",
        "policy, policy rule tls wire",
        "predict, predict policy rule tls wire",
        "transport, transport predict policy rule tls wire",
        "audittrail, audittrail transport policy rule tls",
    })
    void ofOursAPackageKnowsOnlyThese(String name, String known) {
        String[] others = java.util.stream.Stream.of(
                        "tls", "rule", "wire", "policy", "predict", "transport", "server", "audittrail")
                .filter(p -> !java.util.List.of(known.split(" ")).contains(p))
                .map(p -> "org.dicomtls." + p + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("org.dicomtls." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(OURS);
    }

    @Test
    void theVocabularyNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAnyPackage("org.dicomtls.tls..", "org.dicomtls.rule..", "org.dicomtls.wire..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.dicomtls.tls..", "org.dicomtls.rule..", "org.dicomtls.wire..")
                .check(OURS);
    }

    @Test
    void onlyTransportKnowsTlsEngines() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.dicomtls.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bouncycastle..")
                .check(OURS);
    }

    /** The way to an audit repository is a user of the policy's contexts like any other. */
    @Test
    void onlyTransportAndTheAuditTrailSpeakTls() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.dicomtls.transport..", "org.dicomtls.audittrail..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.net.ssl..")
                .check(OURS);
    }

    @Test
    void nothingHereKnowsTheCatalogueOrTheHarness() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.dicomtls.profiles..", "org.dicomtls.interop..")
                .check(OURS);
    }
}
