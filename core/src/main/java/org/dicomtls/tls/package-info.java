/**
 * The words of TLS as values: versions, cipher suites, named groups and signature schemes, each
 * identified by its IANA code point. Unknown code points are values like any other, because a peer
 * may offer anything.
 */
package org.dicomtls.tls;
