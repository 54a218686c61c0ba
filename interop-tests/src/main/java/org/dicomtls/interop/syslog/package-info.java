/** A receiver of syslog over TLS (RFC 5425) for labs and tests: an Audit Record Repository that only keeps what it gets. */
package org.dicomtls.interop.syslog;
