/** The catalogue of DICOM TLS profiles. */
module org.dicomtls.profiles {
    requires transitive org.dicomtls.core;

    exports org.dicomtls.profiles;

    provides org.dicomtls.rule.ProfileProvider with
            org.dicomtls.profiles.DicomProfileProvider;
}
