package org.dicomtls.rule;

/**
 * How binding a rule is. What the rule asks for, or forbids, stands in its constraint alone: "shall not" is
 * {@link #SHALL} with a forbidding constraint.
 */
public enum Strength {
    /** DICOM's "shall", the RFCs' MUST and REQUIRED: to break it is to not conform. */
    SHALL,
    /** DICOM's "should" and "recommended", the RFCs' SHOULD and RECOMMENDED. */
    SHOULD,
    /** "May" and OPTIONAL: stated for the record, never broken. */
    MAY
}
