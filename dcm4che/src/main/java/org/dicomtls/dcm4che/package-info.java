/**
 * Devices and connections of dcm4che (dcm4che-net) under a DICOM TLS profile: {@link org.dicomtls.dcm4che.PolicyDevice},
 * {@link org.dicomtls.dcm4che.TlsConnections} and what an association came to.
 */
package org.dicomtls.dcm4che;
