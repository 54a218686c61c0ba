package org.dicomtls.interop.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Citation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClauseUriTest {

    private static final String DICOM = "https://dicom.nema.org/medical/dicom/current/output/chtml/";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PS3.15  | B.12           | DICOM/part15/sect_B.12.html
                    PS3.15  | §6             | DICOM/part15/chapter_6.html
                    PS3.8   | §9.1.1         | DICOM/part08/sect_9.1.html#sect_9.1.1
                    PS3.2   | N.8.4, N.11.2.5 | DICOM/part02/sect_N.8.html#sect_N.8.4
                    RFC 9325 | §4.2.1        | https://www.rfc-editor.org/rfc/rfc9325#section-4.2.1
                    RFC 8996 | §4, §5        | https://www.rfc-editor.org/rfc/rfc8996#section-4
                    IHE ITI TF-2 | 3.19.6    | urn:dicom-tls:clause:IHE%20ITI%20TF-2%203.19.6
                    dicom-tls | D-04         | urn:dicom-tls:clause:dicom-tls%20D-04
                    """)
    void aClauseIsWhereItCanBeRead(String document, String clause, String uri) {
        assertThat(ClauseUri.of(Citation.text(document, clause))).hasToString(uri.replace("DICOM/", DICOM));
    }

    @Test
    void everyRuleHasOne() {
        DicomProfiles.all().forEach(profile -> profile.rules().forEach(rule -> {
            String document = rule.citation().document();
            assertThat(ClauseUri.of(rule.citation()).getScheme())
                    .as(rule.clause())
                    .isEqualTo(document.startsWith("PS3.") || document.startsWith("RFC ") ? "https" : "urn");
        }));
    }
}
