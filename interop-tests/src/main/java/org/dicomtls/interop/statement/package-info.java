/** The security section of a DICOM Conformance Statement, written from the rules of the profiles that a product claims. */
package org.dicomtls.interop.statement;
