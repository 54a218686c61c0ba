/**
 * The records and handshake messages of TLS that are in the clear, read strictly and with bounds. Nothing here
 * throws anything but {@link org.dicomtls.wire.WireException} on any octets whatever.
 */
package org.dicomtls.wire;
