package org.dicomtls.interop;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The auditor and the enforcer are independent witnesses of the same rules, and what serves both knows neither. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.dicomtls");

    @Test
    void theAuditSideNeverCallsTheEnforcingSide() {
        noClasses()
                .that()
                .resideInAnyPackage("org.dicomtls.interop.probe..", "org.dicomtls.interop.audit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.dicomtls.transport..", "org.dicomtls.policy..", "org.dicomtls.predict..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theUpperLayerAndThePkiKnowNoPolicy() {
        noClasses()
                .that()
                .resideInAnyPackage("org.dicomtls.interop.association..", "org.dicomtls.interop.pki..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.dicomtls.transport..", "org.dicomtls.policy..", "org.dicomtls.predict..")
                .check(CLASSES);
    }

    @Test
    void coreAndTheCatalogueDoNotKnowTheHarness() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.dicomtls.interop..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.dicomtls.interop..")
                .check(CLASSES);
    }

    @Test
    void coreKnowsNoProfileByName() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.dicomtls.interop..", "org.dicomtls.profiles..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.dicomtls.profiles..")
                .check(CLASSES);
    }

    @Test
    void theCatalogueDoesNotKnowTheEnforcingSide() {
        noClasses()
                .that()
                .resideInAPackage("org.dicomtls.profiles..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.dicomtls.transport..", "org.dicomtls.policy..", "org.dicomtls.predict..")
                .check(CLASSES);
    }

    @Test
    void nothingButTheKitDependsOnATestFramework() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.dicomtls.interop.kit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..", "org.opentest4j..", "org.dicomtls.interop.kit..")
                .check(CLASSES);
    }
}
