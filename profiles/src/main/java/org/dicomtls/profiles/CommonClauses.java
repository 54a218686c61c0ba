package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/** What DICOM says of every secure transport profile outside the clause of the profile. */
final class CommonClauses {

    static final Rule SELECTION_STATED = Rule.named("PS3.15/profile-selection-stated")
            .shall(Constraint.attested(
                    "Does the Conformance Statement say how the security profile for a transaction is chosen?"))
            .subject(Subject.OPERATOR)
            .states("The Conformance Statement says how it is chosen which security profile a transaction uses.")
            .because("A device may support several profiles; which one is used is a matter of configuration.")
            .cites(Citation.text("PS3.15", "§6"))
            .sources("CS-01")
            .build();

    static final Rule PROFILES_STATED = Rule.named("PS3.2/security-profiles-stated")
            .shall(Constraint.attested("Does the Conformance Statement list the security profiles that are supported,"
                    + " how their features are used, and any extension of them?"))
            .subject(Subject.OPERATOR)
            .states("The Conformance Statement lists the supported security profiles, how they are selected and used,"
                    + " and what extends them.")
            .because("PS3.2 §7.6 asks for it in every edition; the old template repeats it in A.8.1.")
            .cites(Citation.text("PS3.2", "§7.6"))
            .sources("CS-03", "CS-05")
            .build();

    static final Rule REMOTE_PORTS_CONFIGURABLE = Rule.named("PS3.8/remote-ports-configurable")
            .shall(Constraint.attested("Can the TCP ports of remote application entities be configured?"))
            .subject(Subject.OPERATOR)
            .states("The port numbers of remote peers can be configured.")
            .because("2762 is a recommendation only.")
            .cites(Citation.text("PS3.8", "§9.1.1"))
            .sources("PORT-07")
            .build();

    /** For every profile of Annex B. */
    static final List<Rule> ALL = List.of(SELECTION_STATED, PROFILES_STATED, REMOTE_PORTS_CONFIGURABLE);

    /** For the profiles that are current where the new template is in force. */
    static final Rule TEMPLATE_FOLLOWED = Rule.named("PS3.2/template-followed")
            .should(Constraint.attested("Does the Conformance Statement follow PS3.2 Annex N for secure transport (N.6,"
                    + " N.8.3, N.8.4.2, N.11.2.5)?"))
            .subject(Subject.OPERATOR)
            .states("The Conformance Statement gives ports, profiles, suites and algorithms in the tables of Annex N.")
            .because("The template's own suite tables of 2024c are out of step with B.13 (A-21), so the content of B.13"
                    + " counts and only the form is asked for here.")
            .cites(new Citation("PS3.2", "2024c", "N.8.4, N.11.2.5", Citation.Evidence.PARTIAL))
            .sources("CS-06", "CS-07", "CS-08")
            .build();

    private CommonClauses() {}
}
