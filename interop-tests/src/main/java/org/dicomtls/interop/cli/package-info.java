/** The command line {@code dicom-tls}. Its commands, options, exit statuses and JSON keys are contracts. */
package org.dicomtls.interop.cli;
