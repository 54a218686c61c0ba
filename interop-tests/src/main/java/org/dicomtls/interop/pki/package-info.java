/**
 * Throw-away public key infrastructures for tests: a certification authority, good certificates for both ends, and
 * certificates with one named flaw each. Nothing here is for use outside a test, and nothing changes the JVM.
 */
package org.dicomtls.interop.pki;
