package org.dicomtls.audittrail;

/**
 * A coded value of an audit message: CodedValueType of PS3.15 A.5.1.1.
 *
 * @param code the code, {@code csd-code}
 * @param system the coding scheme, {@code codeSystemName}
 * @param meaning the code's meaning, {@code originalText}
 */
public record Code(String code, String system, String meaning) {

    public Code {
        code = AuditText.require(code, 64, "code");
        system = AuditText.require(system, 64, "codeSystemName");
        meaning = AuditText.require(meaning, 128, "originalText");
    }

    /** A code of the DICOM Controlled Terminology (PS3.16 Annex D). */
    public static Code dcm(String code, String meaning) {
        return new Code(code, "DCM", meaning);
    }
}
