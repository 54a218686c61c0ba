/**
 * The DICOM audit trail (PS3.15 Annex A.5 and A.6): what was refused, as audit messages, and their way to an Audit
 * Record Repository. An {@link org.dicomtls.audittrail.AuditTrail} listens to a transport, makes a {@link
 * org.dicomtls.audittrail.SecurityAlert} of each refusal and gives it to an {@link org.dicomtls.audittrail.AuditSink}, of
 * which {@link org.dicomtls.audittrail.SyslogTlsSink} is the one that PS3.15 A.6 describes.
 */
package org.dicomtls.audittrail;
