/** Vocabulary, rules, prediction and the SSLContext policy of DICOM TLS profiles. */
module org.dicomtls.core {
    requires java.xml;
    requires org.slf4j;
    requires static jdk.jfr;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.tls;

    exports org.dicomtls.tls;
    exports org.dicomtls.audittrail;
    exports org.dicomtls.policy;
    exports org.dicomtls.predict;
    exports org.dicomtls.rule;
    exports org.dicomtls.server;
    exports org.dicomtls.transport;
    exports org.dicomtls.wire;

    uses org.dicomtls.rule.ProfileProvider;
}
