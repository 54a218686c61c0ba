/**
 * The policy {@link javax.net.ssl.SSLContext}: a {@link org.dicomtls.transport.SecureTransport} puts connections
 * under a profile in such a manner that nothing the application does later can loosen it.
 */
package org.dicomtls.transport;
