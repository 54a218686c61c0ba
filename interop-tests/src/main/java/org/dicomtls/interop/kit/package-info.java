/**
 * Conformance as tests of JUnit 5, for the test suite of a DICOM application. Whoever uses it brings
 * {@code junit-jupiter-api}: it is an optional dependency here.
 */
package org.dicomtls.interop.kit;
